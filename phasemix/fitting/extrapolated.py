"""The runs as they would be at another step or size, by step laws and size laws.

So Data Mixing Laws (arXiv 2403.16952, section 4) come from small runs to a large one: every run's own step law
B/s^β + C is followed to the step, every mixture's size law B/N^β + C to the size, and the law of the mixture is fitted
to what these say.
"""

from dataclasses import replace

import numpy as np

from phasemix.fitting.law import LawError
from phasemix.fitting.runs import Runs
from phasemix.fitting.size_curve import fit_size_curves
from phasemix.fitting.step_curve import fit_step_curves, step_curve

LEAST_POINTS = 3  # of a step or size law


def at_step(runs: Runs, step: float, name: str) -> Runs:
    """Every run at a step: as it was measured there, or by its step law.

    Raises:
        LawError: no run has that many steps; ``name`` is the law's that needs it.
    """
    assert runs.step is not None
    there = runs.step == step
    measured = set(runs.run_numbers[there])
    lacking = [rows for rows in runs.rows_by_run() if runs.run_numbers[rows[0]] not in measured]
    long = [rows for rows in lacking if len(rows) >= LEAST_POINTS]
    if not long and not there.any():
        most = max(map(len, lacking))
        raise LawError(f"{name}: runs have {most} steps or fewer; for another step it needs {LEAST_POINTS}")
    found = runs.rows(np.concatenate([np.flatnonzero(there), *(rows[:1] for rows in long)]).astype(int))
    loss = found.loss.copy()
    if long:
        points, values, weight = _padded(long, runs.step, runs.loss)
        theta = fit_step_curves(points, values, weight)[0]
        laid = step_curve(theta, np.full((len(theta), 1), step))[0]
        loss[there.sum() :] = laid.reshape(len(long), -1)
    return replace(found, loss=loss, step=np.full(len(found), step))


def at_size(runs: Runs, size: float) -> Runs | None:
    """Every mixture at a size, at each of its steps, by size laws; None if no mixture was trained at enough sizes."""
    assert runs.size is not None
    place = np.unique(np.stack([runs.mixture_numbers, runs.scales[:, 1]], axis=1), axis=0, return_inverse=True)[1]
    groups = [np.flatnonzero(place.ravel() == number) for number in range(place.max() + 1)]
    wide = [rows for rows in groups if len(np.unique(runs.size[rows])) >= LEAST_POINTS]
    if not wide:
        return None
    points, values, weight = _padded(wide, runs.size, runs.loss)
    count = len(runs.targets)
    loss = np.empty((len(wide), count))
    for target in range(count):  # an exponent each
        mine = slice(target, None, count)
        theta = fit_size_curves(points[mine], values[mine], weight[mine])
        loss[:, target] = step_curve(theta, np.full((len(theta), 1), size))[0][:, 0]
    first = np.array([rows[0] for rows in wide])
    return replace(runs.rows(first), loss=loss, size=np.full(len(wide), size))


def _padded(groups: list[np.ndarray], axis: np.ndarray, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of every group and target (group by group), their losses, and 1 where they are there; (groups · k, n)."""
    longest, count = max(map(len, groups)), loss.shape[1]
    rows = np.array([np.pad(one, (0, longest - len(one)), mode="edge") for one in groups])
    there = np.array([np.arange(longest) < len(one) for one in groups], float)
    values = loss[rows].transpose(0, 2, 1).reshape(len(groups) * count, longest)
    return np.repeat(axis[rows], count, axis=0), values, np.repeat(there, count, axis=0)
