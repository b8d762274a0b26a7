"""B-Table 1: the step law of every run, fitted without its last point, predicts that point.

Within a mixture r is constant, so BiMix is B/s^β + C there, and only its part in the steps is tested. How much that
says depends on how far the loss still falls: so beside the error stands that of taking the loss before for the last.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from phasemix.base.seeds import generator
from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.fitting.noise import MEAN_OF_NORMAL
from phasemix.laws import load_law

DRAWS = 10  # of noise


def extrapolation(study: StudyRuns, mixtures: Sequence[str]) -> pd.DataFrame:
    """One row per mixture, seed and domain.

    Columns ``mixture``, ``seed``, ``domain``, ``loss`` at the last step, ``predicted``, and, relative, ``error`` of the
    law, ``error_power`` of a power law without a constant, and ``error_before`` of the loss one point before.
    """
    fit = load_law("step-law").fit(study.runs.rows(~study.last))
    before = study.step == sorted(set(study.step))[-2]
    rows = []
    for mixture in mixtures:
        for seed in sorted(set(study.seed[study.of([mixture])])):
            own = study.of([mixture], seed)
            asked, earlier = study.runs.rows(own & study.last), study.runs.rows(own & before)
            power = _power_law(study, own & ~study.last, float(study.step.max()))
            numbers = zip(fit.targets, asked.loss[0], fit.predict(asked)[0], power, earlier.loss[0], strict=True)
            rows += [
                {
                    "mixture": mixture,
                    "seed": seed,
                    "domain": domain,
                    "loss": loss,
                    "predicted": predicted,
                    "error": abs(predicted / loss - 1),
                    "error_power": abs(by_power / loss - 1),
                    "error_before": abs(loss_before / loss - 1),
                }
                for domain, loss, predicted, by_power, loss_before in numbers
            ]
    return pd.DataFrame(rows)


def _power_law(study: StudyRuns, rows: np.ndarray, step: float) -> np.ndarray:
    """What B/s^β, fitted to the logarithms of these rows, says of every domain at a step, shape (domains,)."""
    slope, level = np.polyfit(np.log(study.step[rows]), np.log(study.runs.loss[rows]), 1)
    return np.asarray(np.exp(level + slope * np.log(step)))


def errors_by_noise(study: StudyRuns, mixtures: Sequence[str], seed: int) -> dict[str, float]:
    """The mean relative errors at the last step that noise alone would give, NaN with one seed.

    Returns:
        ``known``: of a law that knows every run's mean curve, as it errs by the noise of the last step alone;
        ``fitted``: of the step law, fitted to the steps before where it is the truth, and noise lies on all of them.
    """
    relative = scatter(study, mixtures)
    if np.isnan(relative).any():
        return {"known": np.nan, "fitted": np.nan}
    law, rng = load_law("step-law"), generator(seed, "noise of the last step")
    curves = law.fit(study.runs).predict(study.runs)
    errors = []
    for _ in range(DRAWS):
        losses = curves * np.exp(relative * rng.standard_normal(curves.shape))
        drawn = replace(study.runs, loss=losses)
        predicted = law.fit(drawn.rows(~study.last)).predict(drawn.rows(study.last))
        errors.append(np.abs(predicted / losses[study.last] - 1).mean())
    return {"known": float(MEAN_OF_NORMAL * relative.mean()), "fitted": float(np.mean(errors))}


def scatter(study: StudyRuns, mixtures: Sequence[str]) -> np.ndarray:
    """How far losses scatter around the way of their run, as standard deviations of logarithms, shape (domains,).

    The weights of a run scatter around their way, and its losses with them: over the last quarter of the steps, the
    logarithms of the losses of different seeds of a mixture, each less its run's mean, scatter around their means. That
    is taken as normal, and as independent from step to step. NaN with one seed.
    """
    steps = np.unique(study.step)
    later = study.step >= steps[3 * len(steps) // 4]
    squares, freedom = np.zeros(len(study.runs.targets)), 0
    for mixture in mixtures:
        own = study.of([mixture]) & later
        seeds = [np.log(study.runs.loss[own & (study.seed == seed)]) for seed in sorted(set(study.seed[own]))]
        if len(seeds) < 2:
            continue
        curves = np.stack([curve - curve.mean(axis=0) for curve in seeds])  # of shape (seeds, steps, domains)
        squares += np.square(curves - curves.mean(axis=0)).sum(axis=(0, 1))
        freedom += (len(seeds) - 1) * (curves.shape[1] - 1)
    return np.sqrt(squares / freedom) if freedom else np.full(len(squares), np.nan)
