"""Rows that sections show of growth and of equal exposures (:mod:`phasemix.analysis.growth`)."""

import math

import pandas as pd


def growth_rows(growth: pd.DataFrame) -> list[list[str]]:
    """What every cell knows at each horizon, and how much that still rises."""
    return [
        [
            row.size, f"{row.ratio:g}", f"{row.tokens:,}", str(row.seeds), f"{row.exposures:.0f}",
            percent(row.accuracy, row.accuracy_low, row.accuracy_high), f"{100 * row.floor:.1f} (to {100 * row.floor_high:.1f})",
            percent(row.known, row.known_low, row.known_high), percent(row.slope, row.slope_low, row.slope_high),
        ]
        for row in growth.itertuples(index=False)
    ]  # fmt: skip


def exposures_rows(exposures: pd.DataFrame) -> list[list[str]]:
    """Pairs of cells of equal exposures: what is known at either ratio, and the difference."""
    return [
        [
            row.size, f"{row.exposures:.0f}", f"{row.ratio_low:g}", f"{row.ratio_high:g}", f"{100 * row.known_low:.1f}",
            f"{100 * row.known_high:.1f}", percent(row.more, row.more_low, row.more_high), str(row.seeds),
        ]
        for row in exposures.itertuples(index=False)
    ]  # fmt: skip


def percent(value: float, low: float, high: float) -> str:
    """A share and its interval in per cent; a dash for what is missing."""
    if math.isnan(value):
        return "–"
    return f"{100 * value:.1f}" if math.isnan(low) else f"{100 * value:.1f} ({100 * low:.1f} to {100 * high:.1f})"
