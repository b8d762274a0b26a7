"""B-Table 1: the step law of every run, fitted without its last point, predicts that point.

Within a mixture r is constant, so BiMix is B/s^β + C there, and only its part in the steps is tested. How much that
says depends on how far the loss still falls: so beside the error stands that of taking the loss before for the last.
"""

from collections.abc import Sequence

import pandas as pd

from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.laws import load_law


def extrapolation(study: StudyRuns, mixtures: Sequence[str]) -> pd.DataFrame:
    """One row per mixture, seed and domain.

    Columns ``mixture``, ``seed``, ``domain``, ``loss`` at the last step, ``predicted``, and, relative, ``error`` of the
    law and ``error_before`` of the loss one point before.
    """
    fit = load_law("step-law").fit(study.runs.rows(~study.last))
    before = study.step == sorted(set(study.step))[-2]
    rows = []
    for mixture in mixtures:
        for seed in sorted(set(study.seed[study.of([mixture])])):
            own = study.of([mixture], seed)
            asked, earlier = study.runs.rows(own & study.last), study.runs.rows(own & before)
            numbers = zip(fit.targets, asked.loss[0], fit.predict(asked)[0], earlier.loss[0], strict=True)
            rows += [
                {
                    "mixture": mixture,
                    "seed": seed,
                    "domain": domain,
                    "loss": loss,
                    "predicted": predicted,
                    "error": abs(predicted / loss - 1),
                    "error_before": abs(loss_before / loss - 1),
                }
                for domain, loss, predicted, loss_before in numbers
            ]
    return pd.DataFrame(rows)
