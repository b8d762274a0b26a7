"""What the claims on reasoning ask of a task: ground, height and shape, along the ratio and along the size."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from phasemix.base.spelling import from_json
from phasemix.claims.answers import Answer, all_of, at_least, at_most, cliff, verdict_of
from phasemix.claims.claim import TOO_SMALL, Finding
from phasemix.claims.texts import percent, shape_text

Row = Mapping[str, Any]
SEEDS = 2  # for more than partly: one seed has an interval over problems alone
FAR = 2.0  # times below the critical point nothing is known, and up to as many times above it much is
NEAR_FLOOR = 0.05  # by which accuracy may lie above guessing there
HIGH = 0.6  # of all answers, for much
SEEN = 0.05  # of all problems: paper A's share, beyond which answers may be remembered
RULE = (
    "Lines along the ratio and along the size whose critical point lies on the grid. (1) At half the critical point or"
    f" less, accuracy lies within {100 * NEAR_FLOOR:g} points of guessing. (2) Above it, at twice as much at most, it"
    f" is {100 * HIGH:g} % or more somewhere. (3) A threshold predicts held-out points better than all curves. Each can"
    " hold or fail by its whole interval, or be open. Reproduced if most lines along the ratio and most along the size"
    f" show all three, and no cell has seen more than {100 * SEEN:g} % of the problems, as more may be remembered;"
    f" partly if a line does, or with fewer than {SEEDS} seeds; not reproduced if every line fails in one; not tested"
    " otherwise."
)


def judged(task: Mapping[str, Any] | None) -> Finding:
    """The finding of one task; too small where it was not run or no critical point lies on a grid."""
    if task is None:
        return TOO_SMALL
    texts: list[str] = []
    by_direction = [_along(task, "ratio", texts), _along(task, "size", texts)]
    if not texts:
        return TOO_SMALL
    verdict = verdict_of([answer for answers in by_direction for answer in answers], needed=1)
    most = all(2 * sum(answer is True for answer in answers) > len(answers) for answers in by_direction)
    few = min(row["seeds"] for row in task["accuracy"]) < SEEDS
    if verdict == "reproduced" and (few or not most or task["share_seen"] > SEEN):
        verdict = "partly"
    seen = (
        f"{task['source']}, {100 * task['share']:.2g} % of the corpus that is mixed in: at most"
        f" {100 * task['share_seen']:.2g} % of its problems were seen; guessing {100 * task['floor']:.1f} %"
    )
    return Finding(f"{seen}; {'; '.join(texts)}", verdict)


def _along(task: Mapping[str, Any], axis: str, texts: list[str]) -> list[Answer]:
    """Whether every line along an axis shows all three; what was measured is added to ``texts``."""
    other, place = ("size", "ratio") if axis == "ratio" else ("ratio", "parameters")
    answers = []
    for point in task[f"critical_{axis}s"]:
        critical = from_json(point["value"])
        cells = [row for row in task["accuracy"] if row[other] == point[other]]
        low = [row for row in cells if row[place] <= critical / FAR]
        high = [row for row in cells if critical < row[place] <= critical * FAR]
        shapes = [line for line in task["shapes"] if line["along"] == axis and line[other] == point[other]]
        if not (isfinite(critical) and critical > 0 and low and high and shapes):
            continue
        best = max(high, key=lambda row: float(row["accuracy"]))
        ground = [at_most(row["low"], row["high"], task["floor"] + NEAR_FLOOR) for row in low]
        answers.append(all_of([*ground, at_least(best["low"], best["high"], HIGH), cliff(shapes[0])]))
        texts.append(_text(point, axis, low, best, shapes[0]))
    return answers


def _text(point: Row, axis: str, low: Sequence[Row], best: Row, shape: Row) -> str:
    line = f"{point['size']} along r" if axis == "ratio" else f"r = {point['ratio']:g} along the size"
    nearest = max(low, key=lambda row: (row["ratio"], row["parameters"]))
    return (
        f"{line}: {percent(nearest)} at {_place(nearest, axis)}, {percent(best)} at {_place(best, axis)};"
        f" {shape_text(shape)}"
    )


def _place(row: Mapping[str, Any], axis: str) -> str:
    return f"r = {row['ratio']:g}" if axis == "ratio" else str(row["size"])
