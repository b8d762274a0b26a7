"""Jumps of accuracy along sizes or ratios."""

from collections.abc import Mapping, Sequence
from typing import Any

SPAN = 8.0
"""Both ends of a jump lie within this factor of ratio or size."""

Cell = Mapping[str, Any]


def closest_jump(line: Sequence[Cell], along: str, low: float, high: float) -> tuple[Cell, Cell] | None:
    """The closest pair of cells with accuracy ≤ ``low`` before ≥ ``high``; None without one within :data:`SPAN`.

    Args:
        line: cells, rising in the column ``along``.
        along: positive, such as ``ratio`` or ``parameters``.
        low: the accuracy that is still near zero.
        high: the accuracy that counts as learned.
    """
    pairs = [
        (after[along] / before[along], i, j)
        for i, before in enumerate(line)
        for j, after in enumerate(line)
        if i < j and before["accuracy"] <= low and after["accuracy"] >= high and after[along] <= SPAN * before[along]
    ]
    if not pairs:
        return None
    _, i, j = min(pairs)
    return line[i], line[j]
