"""B-Fig 2: at fixed steps, is a domain's loss a straight line of its own proportion on log-log axes?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import f as fisher

from phasemix.experiments.bimix.runs import StudyRuns


def lines(study: StudyRuns, mixtures: Sequence[str]) -> pd.DataFrame:
    """One row per domain: the line ln L = a − α ln r through all runs at the last step.

    Columns ``domain``, ``alpha``, ``intercept`` a, ``r_squared``, ``least`` and ``greatest`` proportion; and
    ``misfit``, the variance of the mixtures' means around the line over what the seeds explain, which is about 1 if the
    line holds, with its probability ``misfit_p`` if it did (F test). Missing where one seed tells no noise.
    """
    rows = []
    at = [study.runs.rows(study.of([name]) & study.last) for name in mixtures]
    targets, domains = study.runs.targets, study.runs.domains
    for domain in targets:
        own, column = domains.index(domain), targets.index(domain)
        proportion = np.concatenate([runs.mixture[:, own] for runs in at])
        log_loss = np.log(np.concatenate([runs.loss[:, column] for runs in at]))
        slope, intercept = np.polyfit(np.log(proportion), log_loss, 1)
        left = log_loss - intercept - slope * np.log(proportion)
        means = [np.log(runs.loss[:, column]).mean() for runs in at]
        seeds = sum(
            float(np.square(np.log(runs.loss[:, column]) - mean).sum()) for runs, mean in zip(at, means, strict=True)
        )
        between, within = len(at) - 2, len(log_loss) - len(at)
        told = within and between and seeds
        misfit = (np.square(left).sum() - seeds) / between / (seeds / within) if told else np.nan
        rows.append(
            {
                "domain": domain,
                "alpha": -slope,
                "intercept": intercept,
                "r_squared": 1 - left.var() / log_loss.var(),
                "least": proportion.min(),
                "greatest": proportion.max(),
                "misfit": misfit,
                "misfit_p": float(fisher.sf(misfit, between, within)) if told else np.nan,
            }
        )
    return pd.DataFrame(rows)
