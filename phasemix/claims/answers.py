"""Whether something is so by its whole interval, and the verdict that such answers make."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from phasemix.claims.claim import Verdict

Answer = bool | None
"""Whether something is so by its interval; None: the interval leaves it open."""


def all_of(answers: Iterable[Answer]) -> Answer:
    """Whether all are so: not if one is not, and open if one is open."""
    found = list(answers)
    return False if False in found else None if None in found else True


def verdict_of(places: Sequence[Answer], needed: int) -> Verdict:
    """Of a claim that should hold at every place: reproduced if it does at so many, and partly if at fewer.

    Not reproduced if it fails at every place; where that is open as well, nothing is tested.
    """
    shown = sum(place is True for place in places)
    if shown:
        return "reproduced" if shown >= needed else "partly"
    return "not reproduced" if places and all(place is False for place in places) else "not tested"


def at_least(low: float | None, high: float | None, level: float) -> Answer:
    """Whether what lies between low and high is at least a level; open without ends, as of one seed."""
    if low is None or high is None:
        return None
    return True if low >= level else False if high < level else None


def at_most(low: float | None, high: float | None, level: float) -> Answer:
    """Whether what lies between low and high is at most a level; open without ends, as of one seed."""
    if low is None or high is None:
        return None
    return True if high <= level else False if low > level else None


def cliff(line: Mapping[str, Any]) -> Answer:
    """Whether a threshold predicts what was held out better than all curves."""
    return True if line["low"] > 0 else False if line["high"] < 0 else None
