"""The critical size falls as the ratio grows."""

from itertools import pairwise
from math import inf, isfinite
from typing import Any

from phasemix.base.spelling import from_json, interval_text, parameters_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Critical sizes in order of the ratio."""
    ratios = {cell["ratio"] for cell in transition["accuracies"] if cell["size"] == transition["sizes"][-1]}
    points = [
        point | {name: from_json(point[name]) for name in ("value", "low", "high")}
        for point in transition["critical_sizes"]
    ]
    points = [point for point in points if 0 < point["value"] < inf or point["ratio"] in ratios]
    values = [point["value"] for point in points]
    if len(transition["sizes"]) < 2 or len(values) < 2 or not any(map(isfinite, values)):
        return TOO_SMALL
    measured = "; ".join(f"r = {point['ratio']:g}: {_with_interval(**point)}" for point in points)
    if any(later > earlier for earlier, later in pairwise(values)) or values[-1] == values[0]:
        return Finding(measured, "not reproduced")
    return Finding(measured, "reproduced" if points[-1]["high"] < points[0]["low"] else "partly")


def _with_interval(value: float, low: float, high: float, **_: Any) -> str:
    """A critical size and its interval, once if both are off the grid."""
    size, interval = parameters_text(value), interval_text(low, high, parameters_text)
    return size if size == interval else f"{size} ({interval})"


CLAIM = Claim(
    id="A-Fig 1 (critical size)",
    statement="The critical size falls as the mixing ratio grows.",
    published="read off the figure; no numbers given",
    criterion=(
        "Of the ratios whose critical size lies on the grid, or at which the largest size was trained: reproduced if"
        " the critical size never rises from one ratio to the next and the intervals at the smallest and the largest"
        " ratio do not overlap; partly if it never rises but they overlap."
    ),
    history=(
        "Written on 2026-11-22 with the first runs of the workflow in sight. Since 2026-11-28, when grids had gaps for"
        " the first time, only ratios count at which the largest size was trained; since 2026-11-29, when that size was"
        " trained at one ratio alone, so do others whose critical size is known."
    ),
    kinds=("transition",),
    test=test,
)
