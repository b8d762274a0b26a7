"""Rows of tables as sections show them: of any, of growth and of equal exposures (:mod:`phasemix.analysis.growth`)."""

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd


def rows_of(table: pd.DataFrame) -> Iterable[Any]:
    """The rows of a table, with columns as attributes."""
    return table.itertuples(index=False)


def growth_rows(growth: pd.DataFrame) -> list[list[str]]:
    """What every cell knows at each horizon, and how much that still rises."""
    return [
        [
            row.size, f"{row.ratio:g}", f"{row.tokens:,}", str(row.seeds), f"{row.exposures:.0f}",
            percent(row.accuracy, row.accuracy_low, row.accuracy_high),
            f"{100 * row.floor:.1f} (to {100 * row.floor_high:.1f})",
            percent(row.known, row.known_low, row.known_high), percent(row.slope, row.slope_low, row.slope_high),
            percent(row.accuracy_slope, row.accuracy_slope_low, row.accuracy_slope_high),
        ]
        for row in rows_of(growth)
    ]  # fmt: skip


def exposures_rows(exposures: pd.DataFrame) -> list[list[str]]:
    """Pairs of cells of equal exposures: the accuracy at either ratio, and the difference."""
    return [
        [
            row.size, f"{row.exposures:.0f}", f"{row.ratio_low:g}", f"{row.ratio_high:g}",
            f"{100 * row.accuracy_low:.1f}", f"{100 * row.accuracy_high:.1f}",
            percent(row.more, row.more_low, row.more_high), str(row.seeds),
        ]
        for row in rows_of(exposures)
    ]  # fmt: skip


def percent(value: float, low: float, high: float) -> str:
    """A share and its interval in per cent; a dash for what is missing."""
    if math.isnan(value):
        return "–"
    return f"{100 * value:.1f}" if math.isnan(low) else f"{100 * value:.1f} ({100 * low:.1f} to {100 * high:.1f})"
