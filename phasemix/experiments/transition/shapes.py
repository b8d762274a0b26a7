"""How what is known rises along the ratios of every size, and along the sizes of every ratio: a cliff or a curve."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.cliff_or_curve import SMOOTH, THRESHOLDS, Comparison
from phasemix.analysis.critical_points import Share, Shares

FEWEST = 4  # points that tell shapes apart
RISE = 0.5  # the share that must be crossed, or there is no rise to describe
WEB_EXPONENT = 0.283  # α of A-Fig 7b


def shapes_table(shares: Shares, name: Share, floor: float = 0.0) -> pd.DataFrame:
    """Every line that rises across a half, under every shape (:mod:`phasemix.analysis.cliff_or_curve`).

    Args:
        shares: what rises.
        name: what it is.
        floor: the share that is there without knowing anything; what is described is the part above it.

    Returns:
        Columns ``share`` (its name), ``along`` (``ratio`` or ``size``), the ``size``, ``parameters`` or ``ratio`` of
        the line, how many
        ``points``, the held-out ``score`` of every shape, ``sigmoid_place`` and ``sigmoid_slope``, ``power_slope``, the
        exponent of the power law, and ``advantage`` of the thresholds with its interval, ``low`` and ``high``.
    """
    return pd.DataFrame([{"share": name, **line} for line in _lines(shares, floor)], columns=COLUMNS)


SCORES = [f"score_{shape}" for shape in (*THRESHOLDS, *SMOOTH)]
COLUMNS = [
    "share", "along", "size", "parameters", "ratio", "points", *SCORES, "sigmoid_place", "sigmoid_slope", "power_slope",
    "advantage", "low", "high",
]  # fmt: skip


def _lines(shares: Shares, floor: float) -> Iterator[dict[str, Any]]:
    grid, resampled = ((each - floor) / (1 - floor) for each in (shares.grid, shares.resampled))
    with np.errstate(divide="ignore"):
        odds = shares.ratios / (1 - shares.ratios)
    for i, (size, parameters) in enumerate(zip(shares.sizes, shares.parameters, strict=True)):
        where = {"along": "ratio", "size": size, "parameters": int(parameters), "ratio": None}
        knapsack = odds, 1 / (WEB_EXPONENT + 1)
        yield from _line(where, shares.ratios, (grid[i], resampled[:, i]), knapsack, shares.confidence)
    for j, ratio in enumerate(shares.ratios):
        where = {"along": "size", "size": None, "parameters": None, "ratio": ratio}
        knapsack = shares.parameters, -1.0
        yield from _line(where, shares.parameters, (grid[:, j], resampled[:, :, j]), knapsack, shares.confidence)


def _line(
    where: dict[str, Any],
    x: np.ndarray,
    shares: tuple[np.ndarray, np.ndarray],
    knapsack: tuple[np.ndarray, float],
    confidence: float,
) -> Iterator[dict[str, Any]]:
    """One line, if it rises: its shares along x and their resamples, and the knapsack's variable and power."""
    y, resampled = shares
    there = np.isfinite(y) & np.isfinite(knapsack[0])
    if there.sum() < FEWEST or not y[there].min() < RISE <= y[there].max():
        return
    found = Comparison(x[there], y[there], resampled[:, there], (knapsack[0][there], knapsack[1]), confidence)
    sigmoid, (advantage, low, high) = found.fit("sigmoid"), found.advantage
    yield {
        **where,
        "points": int(there.sum()),
        **{f"score_{shape}": found.score(shape) for shape in (*THRESHOLDS, *SMOOTH)},
        "sigmoid_place": sigmoid.place,
        "sigmoid_slope": sigmoid.slope,
        "power_slope": found.fit("power").slope,
        "advantage": advantage,
        "low": low,
        "high": high,
    }
