"""Names in natural order, and critical points spelled for people, on the grid or beyond it."""

import math
import re
from collections.abc import Callable

OFF_GRID = {0.0: "below the grid", math.inf: "above the grid"}
UNITS = {"B": 1e9, "M": 1e6, "k": 1e3}


def to_json(point: float) -> float | str:
    """A critical point as JSON can hold it: a number on the grid, words off it."""
    return OFF_GRID.get(point, point)


def from_json(point: float | str) -> float:
    """The critical point that :func:`to_json` wrote: 0 below the grid, infinity above it."""
    return next(value for value, words in OFF_GRID.items() if words == point) if isinstance(point, str) else point


def parameters_text(count: float) -> str:
    """A number of parameters: ``58.2k``, ``1.4B``; off the grid in words, a dash if unknown."""
    if math.isnan(count):
        return "–"
    unit = next((name for name, size in UNITS.items() if count >= size), "")
    return OFF_GRID.get(count) or f"{count / UNITS.get(unit, 1):.3g}{unit}"


def critical_ratio_text(ratio: float) -> str:
    """A critical ratio: ``0.215``; off the grid in words, a dash if unknown."""
    return "–" if math.isnan(ratio) else OFF_GRID.get(ratio) or f"{ratio:.3f}"


def interval_text(low: float, high: float, spell: Callable[[float], str]) -> str:
    """An interval, both ends spelled alike; one word where they are the same."""
    return spell(low) if spell(low) == spell(high) else f"{spell(low)} – {spell(high)}"


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts texts with numbers by their values: ``A-Fig 2`` before ``A-Fig 10``."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
