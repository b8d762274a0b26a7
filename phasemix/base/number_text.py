"""Numbers as people read them: with a minus sign, and with their intervals."""

import math
from collections.abc import Mapping
from typing import Any


def number_text(number: float, form: str) -> str:
    """A number in a format of Python's, such as ``+.2f``, with a minus sign where Python writes a hyphen."""
    return format(number, form).replace("-", "−")


def estimate_text(value: float, low: float, high: float, *, form: str, unit: str = "") -> str:
    """A number with its unit and its interval: ``−1.15 (−1.31 to −0.99)``."""
    value_text, low_text, high_text = (number_text(number, form) for number in (value, low, high))
    return f"{value_text}{unit} ({low_text} to {high_text})"


def share_text(row: Mapping[Any, Any], name: str) -> str:
    """A share of a row in whole per cent, without the sign; a dash where it is missing, None or NaN."""
    value = row.get(name)
    return "–" if value is None or math.isnan(value) else number_text(100 * value, ".0f")


def row_text(row: Mapping[Any, Any], name: str, form: str, scale: float = 100) -> str:
    """A number of a row times ``scale``, with its interval from ``<name>_low`` to ``<name>_high``, as in per cent.

    The number alone where it has no interval, and a dash where it is missing itself: None or NaN.
    """
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value is None or math.isnan(value):
        return "–"
    if low is None or math.isnan(low):
        return number_text(scale * value, form)
    return estimate_text(scale * value, scale * low, scale * high, form=form)
