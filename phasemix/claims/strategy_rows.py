"""What claims about strategies share: the rows of means that a claim compares.

They are those of :mod:`phasemix.experiments.strategies.findings` and :mod:`phasemix.experiments.continual.findings`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.answers import Answer
from phasemix.claims.claim import TOO_SMALL, Finding, Verdict
from phasemix.claims.texts import agreed

Row = Mapping[str, Any]
NEAR_FLOOR = 0.05  # by which accuracy may lie above guessing where nothing is learned
TIMES = 2  # the facts learned without, or more:
PART = 0.5  # of the published multiple
GAIN = 0.05  # of accuracy
EARLY = 0.2  # of the tokens: what stops before shows a transient
LETTERS = {"subsampling": "ρ", "compact": "τ"}
ENOUGH = (
    "Partly if not everywhere, or if accuracy rises at all; not reproduced if all intervals overlap."
    f" Enough is {TIMES} times as much above guessing as the upper end of what is known without, or half of the"
    f" published multiple if that is more, {100 * GAIN:g} points more at least, and intervals that do not overlap."
    " Not tested with one seed."
)
"""The rule of :func:`multiplied`."""


def without(means: Sequence[Row], size: str | None = None, ratio: float | None = None) -> list[Row]:
    """The rows without a strategy, of a size and a ratio if they are given."""
    return [
        row
        for row in means
        if (row["subsampling"], row["compact"]) == (1, 0)
        and size in (None, row["size"])
        and ratio in (None, row["ratio"])
    ]


def along(means: Sequence[Row], row: Row, axis: str) -> list[Row]:
    """The rows of the same size and ratio with a strategy, along ``subsampling`` or ``compact``, least first."""
    other, alone = ("compact", 0) if axis == "subsampling" else ("subsampling", 1)
    found = [
        one
        for one in means
        if (one["size"], one["ratio"], one[other]) == (row["size"], row["ratio"], alone) and one[axis] != row[axis]
    ]
    return sorted(found, key=lambda one: float(one[axis]))


def unlearned(means: Sequence[Row], axis: str) -> list[tuple[Row, list[Row]]]:
    """Where nothing is learned without a strategy: that row, and those along the strategy."""
    found = []
    for row in without(means):
        others = [one for one in along(means, row, axis) if one["accuracy"] is not None]
        known = row["ratio"] > 0 and row["accuracy"] is not None
        if known and others and row["accuracy"] <= row["floor"] + NEAR_FLOOR:
            found.append((row, others))
    return found


def apart(low: Row, high: Row, name: str) -> Answer:
    """Whether the interval of the second lies above that of the first; None where one of them has a single seed."""
    ends = high[f"{name}_low"], low[f"{name}_high"]
    return None if None in ends else bool(ends[0] > ends[1])


def percent(row: Row, name: str) -> str:
    """A share with its interval in per cent, without the sign."""
    return row_text(row, name, ".0f")


def place(row: Row) -> str:
    """A row's size and ratio."""
    return f"{row['size']} at r = {row['ratio']:g}"


def multiplied(means: Sequence[Row], axis: str, published: Mapping[float, float] | None = None) -> Finding:
    """What a strategy makes of accuracy above guessing, where nothing is learned without.

    Reproduced if it is enough (:data:`ENOUGH`) at every dose on the grid of which a multiple was ``published``, or at
    some dose if there is none; partly if not everywhere, or if accuracy rises at all; not reproduced if intervals
    overlap everywhere.
    """
    doses = published or {}
    lines = unlearned(means, axis)
    found = []
    for plain, others in lines:
        told = "; ".join(f"{LETTERS[axis]} = {_dose(row, axis, plain)}" for row in others)
        enough = {row[axis] for row in others if _enough(plain, row, max(TIMES, PART * doses.get(row[axis], 0)))}
        asked = {row[axis] for row in others} & set(doses)
        higher = [apart(plain, row, "accuracy") for row in others]
        verdict: Verdict = "partly" if True in higher else "not reproduced" if False in higher else "not tested"
        if enough and enough >= asked:
            verdict = "reproduced"
        found.append(Finding(f"{place(plain)}: {percent(plain, 'accuracy')} % without; {told}", verdict))
    return agreed(found) if found else TOO_SMALL


def _enough(plain: Row, row: Row, times: float) -> bool:
    if not apart(plain, row, "accuracy"):
        return False
    above, most_before = row["accuracy"] - row["floor"], max(plain["accuracy_high"] - plain["floor"], 0)
    return bool(above >= times * most_before and row["accuracy"] - plain["accuracy"] >= GAIN)


def _dose(row: Row, axis: str, plain: Row) -> str:
    """A dose and its accuracy, with the multiple of what lies above guessing where that is surely something."""
    above, before = (one["accuracy"] - one["floor"] for one in (row, plain))
    sure = plain["accuracy_low"] is not None and plain["accuracy_low"] > plain["floor"]
    times = f" ({above / before:.1f} × above guessing)" if sure and above > 0 else ""
    return f"{row[axis]:g}: {percent(row, 'accuracy')} %{times}"
