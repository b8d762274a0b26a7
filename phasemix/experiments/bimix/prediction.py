"""B-Table 2: fitted on the entropy mixtures, the law predicts the losses of other mixtures at all steps.

Most of the variance of losses over steps is their fall, which any law gets right that knows the steps. So beside BiMix
stand two others: ``mean``, which takes the fitted mixtures' mean loss at every step, whatever the proportions, and
transfer, in which domains help each other.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.fitting.scores import scores
from phasemix.laws import load_law

BIMIX, TRANSFER, MEAN = "bimix", "transfer", "mean"


def predictions(study: StudyRuns, fitted: Sequence[str], predicted: Sequence[str], seed: int) -> pd.DataFrame:
    """One row per law, predicted mixture, seed of the runs, domain and step.

    Laws are fitted on the runs of one seed and asked about others of the same seed. Columns ``law``, ``mixture``,
    ``seed``, ``domain``, ``step``, ``loss`` and ``predicted``.
    """
    parts = []
    for run_seed in sorted(set(study.seed)):
        train = study.runs.rows(study.of(fitted, run_seed))
        fits = {law: load_law(law).fit(train, seed) for law in (BIMIX, TRANSFER)}
        for mixture in predicted:
            rows = study.of([mixture], run_seed)
            if not rows.any():  # it diverged
                continue
            asked, steps = study.runs.rows(rows), study.step[rows]
            said = {law: dict(zip(fit.targets, fit.predict(asked).T, strict=True)) for law, fit in fits.items()}
            means = np.stack([np.exp(np.log(train.loss[train.step == step]).mean(axis=0)) for step in steps])
            said[MEAN] = dict(zip(train.targets, means.T, strict=True))
            for law, by_domain in said.items():
                for domain, values in by_domain.items():  # a law may leave one out
                    where = {"law": law, "mixture": mixture, "seed": run_seed, "domain": domain}
                    measured = asked.loss[:, asked.targets.index(domain)]
                    parts.append(pd.DataFrame({**where, "step": steps, "loss": measured, "predicted": values}))
    return pd.concat(parts, ignore_index=True)


def scores_of(said: pd.DataFrame) -> pd.DataFrame:
    """One row per law, mixture, seed and domain of :func:`predictions`: ``r2_log`` and ``mean_relative_error``."""
    rows = []
    for (law, mixture, seed, domain), part in said.groupby(["law", "mixture", "seed", "domain"], sort=False):
        found = scores(part["predicted"].to_numpy(), part["loss"].to_numpy())
        where = {"law": law, "mixture": mixture, "seed": seed, "domain": domain}
        rows.append({**where, "r2_log": found["r2_log"], "mean_relative_error": found["mean_relative_error"]})
    return pd.DataFrame(rows)
