"""The row that a line has in a table of shapes: how it rises, and by how much a threshold predicts it better."""

from typing import Any

import numpy as np

from phasemix.analysis.cliff_or_curve import SMOOTH, THRESHOLDS, Comparison

FEWEST = 4  # points that tell shapes apart
RISE = 0.5  # the share that must be crossed, or there is no rise to describe
SCORES = [f"score_{shape}" for shape in (*THRESHOLDS, *SMOOTH)]
COLUMNS = ["points", *SCORES, "sigmoid_place", "sigmoid_slope", "power_slope", "advantage", "low", "high"]
"""How many ``points``, the held-out ``score`` of every shape, ``sigmoid_place`` (in x) and ``sigmoid_slope`` of
the better sigmoid,
``power_slope``, the exponent of the power law, and ``advantage`` of the thresholds with its interval."""


def shape_row(
    x: np.ndarray, share: np.ndarray, resampled: np.ndarray, knapsack: tuple[np.ndarray, float], confidence: float
) -> dict[str, Any] | None:
    """The columns above of one line; None if it has too few points or does not rise across a half.

    Arguments are those of :class:`phasemix.analysis.cliff_or_curve.Comparison`; points without a finite share, or
    where the knapsack's variable is infinite, are left out.
    """
    there = np.isfinite(share) & np.isfinite(knapsack[0])
    if there.sum() < FEWEST or not share[there].min() < RISE <= share[there].max():
        return None
    found = Comparison(x[there], share[there], resampled[:, there], (knapsack[0][there], knapsack[1]), confidence)
    sigmoid, (advantage, low, high) = found.sigmoid, found.advantage
    return {
        "points": int(there.sum()),
        **{f"score_{shape}": found.score(shape) for shape in (*THRESHOLDS, *SMOOTH)},
        "sigmoid_place": sigmoid.place,
        "sigmoid_slope": sigmoid.slope,
        "power_slope": found.fit("power").slope,
        "advantage": advantage,
        "low": low,
        "high": high,
    }
