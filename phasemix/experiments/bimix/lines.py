"""B-Fig 2: at fixed steps, is a domain's loss a straight line of its own proportion on log-log axes?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import f as fisher

from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.experiments.domains.mixtures import BASELINE


def lines(study: StudyRuns, mixtures: Sequence[str]) -> pd.DataFrame:
    """One row per domain: the line ln L = a − α ln r through all runs at the last step.

    Columns ``domain``, ``alpha``, ``intercept`` a, ``r_squared``, ``r_squared_without_baseline``, as the baseline lies
    far from the other mixtures, ``least`` and ``greatest`` proportion; and ``misfit`` with its probability
    ``misfit_p`` if the line holds (:func:`misfit`).
    """
    rows = []
    for domain in study.runs.targets:
        own, column = study.runs.domains.index(domain), study.runs.targets.index(domain)
        at = study.last & study.of(mixtures)
        proportion, log_loss = study.runs.mixture[at, own], np.log(study.runs.loss[at, column])
        slope, intercept = np.polyfit(np.log(proportion), log_loss, 1)
        others = study.mixture[at] != BASELINE
        f, p = misfit(proportion, log_loss, study.mixture[at], study.seed[at])
        rows.append(
            {
                "domain": domain,
                "alpha": -slope,
                "intercept": intercept,
                "r_squared": _r_squared(proportion, log_loss),
                "r_squared_without_baseline": _r_squared(proportion[others], log_loss[others]),
                "least": proportion.min(),
                "greatest": proportion.max(),
                "misfit": f,
                "misfit_p": p,
            }
        )
    return pd.DataFrame(rows)


def misfit(proportion: np.ndarray, log_loss: np.ndarray, mixture: np.ndarray, seed: np.ndarray) -> tuple[float, float]:
    """The variance of the mixtures' means around the line over what seeds explain, and its probability if it holds.

    The F test of lack of fit in a layout of mixtures and seeds, all of shape (runs,). Mixtures share seeds, whose
    common effect is taken off the noise. NaN with one seed, or where a run is missing.
    """
    table = pd.DataFrame({"mixture": mixture, "seed": seed, "log_loss": log_loss, "log_r": np.log(proportion)})
    wide = table.pivot_table(index="mixture", columns="seed", values="log_loss")
    count, seeds = wide.shape
    if seeds < 2 or count < 3 or wide.isna().any(axis=None):
        return np.nan, np.nan
    losses = wide.to_numpy(float)
    means = losses.mean(axis=1, keepdims=True)
    log_r = table.groupby("mixture")["log_r"].mean().loc[wide.index].to_numpy(float)
    line = np.polyval(np.polyfit(log_r, means[:, 0], 1), log_r)
    between = seeds * np.square(means[:, 0] - line).sum() / (count - 2)
    freedom = (count - 1) * (seeds - 1)
    noise = np.square(losses - means - losses.mean(axis=0) + losses.mean()).sum() / freedom
    if not noise:
        return np.nan, np.nan
    return float(between / noise), float(fisher.sf(between / noise, count - 2, freedom))


def _r_squared(proportion: np.ndarray, log_loss: np.ndarray) -> float:
    fitted = np.polyval(np.polyfit(np.log(proportion), log_loss, 1), np.log(proportion))
    return float(1 - np.square(log_loss - fitted).sum() / np.square(log_loss - log_loss.mean()).sum())
