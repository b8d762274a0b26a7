"""What claims on the theory share: how near predictions come to what was measured, and slopes to laws."""

from collections.abc import Mapping, Sequence
from typing import Any

NEAR = 0.25  # of the measured value
CLOSE = 0.1  # of two slopes

Row = Mapping[str, Any]


def compared(points: Sequence[Row], calibration: Row) -> list[Row]:
    """The points that speak for or against the theory: with an error, and not of the calibration's size and people."""
    same = (calibration["size"], calibration["people"])
    return [point for point in points if point["error"] is not None and (point.get("size"), point["people"]) != same]


def near(point: Row) -> bool:
    """Whether the prediction is within :data:`NEAR` of what was measured."""
    return abs(point["error"]) <= NEAR


def far(point: Row) -> bool:
    """Whether it is not, by the whole interval of the error."""
    return point["error_low"] > NEAR or point["error_high"] < -NEAR


def error_text(point: Row) -> str:
    """The error with its interval in per cent, such as ``−12 % (−20 to −6)``."""
    value, low, high = (_signed(100 * point[name], ".0f") for name in ("error", "error_low", "error_high"))
    return f"{value} % ({low} to {high})"


def fits(row: Row, what: str) -> bool:
    """Whether the interval of how far a slope lies above the ``law``'s or the ``predicted`` one comes close to 0."""
    low, high = row[f"above_{what}_low"], row[f"above_{what}_high"]
    return low is not None and low <= CLOSE and high >= -CLOSE


def slope_text(row: Row) -> str:
    """A slope with its interval beside that of the law and that of the learner."""
    predicted = "not known" if row["predicted"] is None else _signed(row["predicted"], ".2f")
    low, high = (_signed(row[end], ".2f") for end in ("low", "high"))
    return (
        f"{_signed(row['slope'], '.2f')} ({low} to {high}; law {_signed(row['law'], '.2f')}, learner"
        f" between the same points {predicted})"
    )


def _signed(number: float, form: str) -> str:
    return f"{number:+{form}}".replace("-", "−")
