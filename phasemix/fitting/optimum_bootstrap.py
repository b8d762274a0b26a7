"""How sure the best mixture is: the bootstrap of an optimum over the training runs."""

from dataclasses import replace

import numpy as np

from phasemix.base.seeds import generator
from phasemix.fitting.law import CONFIDENCE, LawError
from phasemix.fitting.objective import Objective
from phasemix.fitting.optimum_search import best_mixture


def optimum_bootstrap(objective: Objective, count: int, seed: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Percentiles of every domain's best proportion over ``count`` refits on resampled runs.

    Runs are drawn whole, with all their rows.

    Returns:
        The ends of the interval, shapes (m,), not a number where there is none; and notes for people.
    """
    runs = objective.fit.runs
    rng = generator(seed, "bootstrap of runs")
    by_run = runs.rows_by_run()
    found: list[np.ndarray] = []
    for _ in range(count):
        drawn = rng.integers(len(by_run), size=len(by_run))
        rows = np.concatenate([by_run[number] for number in drawn])
        copies = np.repeat(np.arange(len(drawn)), [len(by_run[number]) for number in drawn])
        names = np.array([f"{runs.run[row]}#{copy}" for row, copy in zip(rows, copies, strict=True)], dtype=object)
        try:
            fit = objective.fit.law.fit(replace(runs.rows(rows), run=names), seed)
            if fit.targets == objective.fit.targets:
                found.append(best_mixture(replace(objective, fit=fit), seed)[0])
        except (LawError, np.linalg.LinAlgError):
            continue
    if not found:
        nothing = np.full(len(runs.domains), np.nan)
        return nothing, nothing, ["no interval: the law could be fitted on no resample of the runs"] if count else []
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(np.array(found), [tail, 100 - tail], axis=0)
    lost = count - len(found)
    return (
        low,
        high,
        [f"{lost} of {count} resamples did not serve: too few different runs in them for the law"] if lost else [],
    )
