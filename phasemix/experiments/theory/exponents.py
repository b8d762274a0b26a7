"""The power laws between critical points and what they depend on, beside those of the theory.

Where facts begin to be learned and the ratio is small, paper A's theory is three power laws (theorem 4.3): the critical
odds r / (1 − r) are proportional to N, and to M^−(α+1); the critical size is proportional to (r·p)^(−1/(α+1)), r being
the odds. Where half of the bits are known, the facts themselves have taken capacity, and the learner's own slope
between the same points is another. Each measured slope is compared with both, resample by resample.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import percentile_interval
from phasemix.experiments.theory.points import Points

TINY = 1e-6  # odds closer to 0 or 1 count as this far
COLUMNS = [
    "of", "along", "size", "people", "points", "places", "slope", "low", "high", "law", "law_low", "law_high",
    "above_law", "above_law_low", "above_law_high", "predicted", "predicted_low", "predicted_high",
    "above_predicted", "above_predicted_low", "above_predicted_high",
]  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Critical points that a power law goes through: which (shape (n,)), against what, and the law's exponents."""

    where: dict[str, Any]
    points: Points
    chosen: np.ndarray
    x: np.ndarray
    laws: np.ndarray


def exponents(ratios: Points, sizes: Points, alphas: np.ndarray, tokens: float, confidence: float) -> pd.DataFrame:
    """The slopes of logarithms, through the points that were measured on their grids.

    Args:
        ratios: critical ratios of sizes and numbers of people.
        sizes: critical sizes of ratios and numbers of people.
        alphas: α, then that of every resample, shape (1 + resamples,).
        tokens: of a biography.
        confidence: of the intervals.

    Returns:
        One row per power law: what it is ``of``: ``ratio`` ``along`` ``people`` at one ``size``, ``ratio`` along
        ``size`` at one number of ``people``, or ``size`` along ``frequency``, r·p; how many ``points``, at how many
        ``places`` along it; the measured ``slope`` with its interval, ``low`` and ``high``; the ``law``'s with
        ``law_low`` and ``law_high``, and by how much the slope lies ``above_law``, with the same endings; and the slope
        that is ``predicted`` between these points, likewise.
    """
    rows = [_row(group, confidence) for group in _groups(ratios, sizes, alphas, tokens) if len(set(group.x)) > 1]
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(ratios: Points, sizes: Points, alphas: np.ndarray, tokens: float) -> Iterator[Group]:
    ones = np.ones(len(alphas))
    on = ratios.where[ratios.on]
    for _, size in sorted(set(zip(on["parameters"], on["size"], strict=True))):
        own = np.flatnonzero(ratios.on & (ratios.where["size"] == size).to_numpy())
        x = np.log(ratios.where["people"].to_numpy(float)[own])
        yield Group({"of": "ratio", "along": "people", "size": size}, ratios, own, x, ones)
    for people in sorted(set(on["people"])):
        own = np.flatnonzero(ratios.on & (ratios.where["people"] == people).to_numpy())
        x = np.log(ratios.where["parameters"].to_numpy(float)[own])
        yield Group({"of": "ratio", "along": "size", "people": people}, ratios, own, x, -(alphas + 1))
    own = np.flatnonzero(sizes.on)
    if len(own):
        ratio, people = (sizes.where[name].to_numpy(float)[own] for name in ("ratio", "people"))
        x = _log_odds(ratio) - np.log(people * tokens)
        yield Group({"of": "size", "along": "frequency"}, sizes, own, x, -1 / (alphas + 1))


def _row(group: Group, confidence: float) -> dict[str, Any]:
    smallest, largest = (end[group.chosen] for end in group.points.ends)
    measured = np.clip(group.points.measured[:, group.chosen], smallest, largest)
    predicted = group.points.predicted[:, group.chosen]
    logarithm = _log_odds if group.where["of"] == "ratio" else np.log
    with np.errstate(divide="ignore"):
        slopes, learner = (_slopes(group.x, logarithm(values)) for values in (measured, predicted))
    if not (np.isfinite(predicted[0]) & ((predicted[0] < 1) | (group.where["of"] == "size"))).all():
        learner = np.full(len(slopes), np.nan)
    found = {"": slopes, "law_": group.laws, "above_law_": slopes - group.laws}
    found |= {"predicted_": learner, "above_predicted_": slopes - learner}
    row: dict[str, Any] = {**group.where, "points": len(group.chosen), "places": len(set(group.x))}
    for name, samples in found.items():
        known = samples[1:][np.isfinite(samples[1:])]
        unknown = np.isnan(samples[0]) or not len(known)
        low, high = (np.nan, np.nan) if unknown else percentile_interval(known, confidence)
        row |= {name.removesuffix("_") or "slope": samples[0], f"{name}low": low, f"{name}high": high}
    return row


def _slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The least-squares slope of every row of y, shape (lines, n), along x, shape (n,)."""
    away = x - x.mean()
    with np.errstate(invalid="ignore"):
        slopes: np.ndarray = y @ away / (away @ away)
    return slopes


def _log_odds(ratio: np.ndarray) -> np.ndarray:
    ratio = np.clip(ratio, TINY, 1 - TINY)
    return np.log(ratio / (1 - ratio))
