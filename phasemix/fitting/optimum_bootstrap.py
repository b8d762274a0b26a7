"""How sure the best mixture is, and what it gains: the bootstrap of an optimum over the training runs."""

from dataclasses import dataclass, replace

import numpy as np

from phasemix.base.seeds import generator
from phasemix.fitting.law import CONFIDENCE, LawError
from phasemix.fitting.objective import Objective
from phasemix.fitting.optimum_search import best_mixture

BEYOND = 5  # resamples beyond each end of an interval, or where the end lies is chance


def claimed(count: int) -> float:
    """The confidence of an interval that so many resamples can give: 95 % from 200 on, 50 % with 20."""
    return max(0.0, min(CONFIDENCE, 1 - 2 * BEYOND / count)) if count else 0.0


@dataclass(frozen=True)
class Resampled:
    """What refits on resampled runs say.

    Attributes:
        low, high: percentiles of every domain's best proportion, shapes (m,), not a number where there is none.
        gains: what every refit says the optimum gains over the prior, in nats, shape (refits,).
        flat: what every refit says that the mixtures at the ends of the flat set lose at most, as a share of the
            objective at its own best mixture, shape (refits,).
        notes: for people.
    """

    low: np.ndarray
    high: np.ndarray
    gains: np.ndarray
    flat: np.ndarray
    notes: list[str]


def optimum_bootstrap(objective: Objective, optimum: np.ndarray, ends: np.ndarray, count: int, seed: int) -> Resampled:
    """The best mixtures by ``count`` refits on resampled runs, and what these say of the optimum (m,) and of mixtures.

    ``ends`` (n, m) are those at the ends of the flat set.

    Runs are drawn whole, with all their rows. The intervals' confidence is :func:`claimed`.
    """
    runs = objective.fit.runs
    nothing = np.full(len(runs.domains), np.nan)
    if not claimed(count):
        notes = [f"no interval: {count} resamples are too few for any"] if count else []
        return Resampled(nothing, nothing, np.empty(0), np.empty(0), notes)
    rng = generator(seed, "bootstrap of runs")
    by_run = runs.rows_by_run()
    found: list[np.ndarray] = []
    gains: list[float] = []
    flat: list[float] = []
    for _ in range(count):
        drawn = rng.integers(len(by_run), size=len(by_run))
        rows = np.concatenate([by_run[number] for number in drawn])
        copies = np.repeat(np.arange(len(drawn)), [len(by_run[number]) for number in drawn])
        names = np.array([f"{runs.run[row]}#{copy}" for row, copy in zip(rows, copies, strict=True)], dtype=object)
        try:
            fit = objective.fit.law.fit(replace(runs.rows(rows), run=names), seed)
            if fit.targets == objective.fit.targets:
                refitted = replace(objective, fit=fit)
                best = best_mixture(refitted, seed)[0]
                least = float(refitted(best[None])[0])
                flat.append((float(refitted(ends).max()) - least) / abs(least))
                found.append(best)
                gains.append(refitted.gain(optimum))
        except (LawError, np.linalg.LinAlgError):
            continue
    if not found:
        notes = ["no interval: the law could be fitted on no resample of the runs"]
        return Resampled(nothing, nothing, np.empty(0), np.empty(0), notes)
    low, high = percentiles(np.array(found), claimed(count))
    lost = count - len(found)
    notes = [f"{lost} of {count} resamples did not serve: too few different runs in them for the law"] if lost else []
    return Resampled(low, high, np.array(gains), np.array(flat), notes)


def percentiles(found: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """The ends between which this share of what was found lies, along the first axis."""
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(found, [tail, 100 - tail], axis=0)
    return low, high
