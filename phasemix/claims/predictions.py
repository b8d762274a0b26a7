"""What claims on the theory share: how near predictions come to what was measured, and slopes to laws."""

from collections.abc import Mapping, Sequence
from typing import Any

from phasemix.base.number_text import estimate_text, number_text

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
    return estimate_text(*(100 * point[name] for name in ("error", "error_low", "error_high")), form="+.0f", unit=" %")


def fits(row: Row, what: str) -> bool:
    """Whether the interval of how far a slope lies above the ``law``'s or the ``predicted`` one comes close to 0."""
    low, high = row[f"above_{what}_low"], row[f"above_{what}_high"]
    return low is not None and low <= CLOSE and high >= -CLOSE


def slope_text(row: Row) -> str:
    """A slope with its interval beside that of the law and that of the learner."""
    predicted = "not known" if row["predicted"] is None else number_text(row["predicted"], "+.2f")
    low, high = (number_text(row[end], "+.2f") for end in ("low", "high"))
    return (
        f"{number_text(row['slope'], '+.2f')} ({low} to {high}; law {number_text(row['law'], '+.2f')}, learner"
        f" between the same points {predicted})"
    )
