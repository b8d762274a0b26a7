"""How accuracy rises along the ratios of every size, and along the sizes of every ratio: a cliff or a curve."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis import shape_rows
from phasemix.analysis.critical_points import Shares
from phasemix.analysis.shape_rows import shape_row

WEB_EXPONENT = 0.283  # α of A-Fig 7b
COLUMNS = ["along", "size", "parameters", "ratio", *shape_rows.COLUMNS]


def shapes_table(shares: Shares, floor: float) -> pd.DataFrame:
    """Every line that rises across a half, under every shape (:mod:`phasemix.analysis.cliff_or_curve`).

    Args:
        shares: accuracies.
        floor: the accuracy that is there without knowing anything; what is described is the part above it.

    Returns:
        Columns ``along`` (``ratio`` or ``size``), the ``size``, ``parameters`` or ``ratio`` of
        the line, and those of :mod:`phasemix.analysis.shape_rows`.
    """
    rows = [{**where, **row} for where, row in _lines(shares, floor) if row]
    return pd.DataFrame(rows, columns=COLUMNS)


def _lines(shares: Shares, floor: float) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Every line: where it is, and its row, if it rises."""
    grid, resampled = ((each - floor) / (1 - floor) for each in (shares.grid, shares.resampled))
    with np.errstate(divide="ignore"):
        odds = shares.ratios / (1 - shares.ratios)
    for i, (size, parameters) in enumerate(zip(shares.sizes, shares.parameters, strict=True)):
        where = {"along": "ratio", "size": size, "parameters": int(parameters), "ratio": None}
        knapsack = odds, 1 / (WEB_EXPONENT + 1)
        yield where, shape_row(shares.ratios, grid[i], resampled[:, i], knapsack, shares.confidence)
    for j, ratio in enumerate(shares.ratios):
        where = {"along": "size", "size": None, "parameters": None, "ratio": ratio}
        knapsack = shares.parameters, -1.0
        yield where, shape_row(shares.parameters, grid[:, j], resampled[:, :, j], knapsack, shares.confidence)
