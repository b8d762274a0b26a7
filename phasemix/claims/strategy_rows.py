"""What claims about strategies share: the rows of means that a claim compares.

They are those of :mod:`phasemix.experiments.strategies.findings` and :mod:`phasemix.experiments.continual.findings`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.claim import TOO_SMALL, Finding, Verdict

Row = Mapping[str, Any]
NEAR_FLOOR = 0.05  # by which accuracy may lie above guessing where nothing is learned
TIMES = 2  # the facts learned without
GAIN = 0.05  # of accuracy
LETTERS = {"subsampling": "ρ", "compact": "τ"}
MULTIPLIED = (
    f"Reproduced if it has {TIMES} times as much above guessing or more, {100 * GAIN:g} points more at least, and the"
    " intervals do not overlap; partly if less; not reproduced if they overlap. Not tested with one seed."
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
    """Where nothing is learned without a strategy: that row, and those along the strategy, all with intervals."""
    found = []
    for row in without(means):
        others = [one for one in along(means, row, axis) if one["accuracy_low"] is not None]
        near = row["ratio"] > 0 and row["accuracy"] <= row["floor"] + NEAR_FLOOR
        if near and others and row["accuracy_low"] is not None:
            found.append((row, others))
    return found


def apart(low: Row, high: Row, name: str) -> bool:
    """Whether the interval of the second lies above that of the first."""
    return bool(high[f"{name}_low"] > low[f"{name}_high"])


def percent(row: Row, name: str) -> str:
    """A share with its interval in per cent, without the sign."""
    return row_text(row, name, ".0f")


def place(row: Row) -> str:
    """A row's size and ratio."""
    return f"{row['size']} at r = {row['ratio']:g}"


def multiplied(means: Sequence[Row], axis: str) -> Finding:
    """Accuracy above guessing with a strategy, as a multiple of that without, where nothing is learned without."""
    lines = unlearned(means, axis)
    if not lines:
        return TOO_SMALL
    measured, verdicts = [], set()
    for plain, others in lines:
        best = max(others, key=lambda row: float(row["accuracy"]))
        told = "; ".join(f"{LETTERS[axis]} = {row[axis]:g}: {percent(row, 'accuracy')} %" for row in others)
        above, before = (row["accuracy"] - row["floor"] for row in (best, plain))
        times = (
            f", {above / before:.1f} times as much above guessing" if before > 0 else ", above guessing from nothing"
        )
        measured.append(f"{place(plain)}: {percent(plain, 'accuracy')} % without; {told}{times if above > 0 else ''}")
        verdict: Verdict = "not reproduced"
        if apart(plain, best, "accuracy"):
            enough = above >= TIMES * max(before, 0) and above - before >= GAIN
            verdict = "reproduced" if enough else "partly"
        verdicts.add(verdict)
    return Finding("; ".join(measured), verdicts.pop() if len(verdicts) == 1 else "partly")
