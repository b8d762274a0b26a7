"""Accuracy over size is a step that moves with the ratio."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

from phasemix.base.spelling import from_json, parameters_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.predictions import NEAR, Row, compared, error_text, far, near

RATIOS = 3  # at which the step is where it is predicted


@in_each_experiment
def test(theory: dict[str, Any]) -> Finding:
    """Critical sizes in order of the ratio, and where they are predicted."""
    lines = [list(line) for _, line in groupby(theory["sizes"], lambda row: (row["experiment"], row["people"]))]
    lines = [line for line in lines if sum(row["standing"] == "on" for row in line) >= 2]
    if not lines:
        return TOO_SMALL
    points = compared([row for line in lines for row in line], theory["calibration"])
    met = [point for point in points if near(point)]
    moves = all(map(_falls, lines))
    placed = len(met) >= RATIOS and not any(map(far, points))
    named = "; ".join(
        f"{row['people']} people at r = {row['ratio']:g}: {parameters_text(from_json(row['measured']))}, prediction"
        f" {error_text(row)}"
        for row in points
    )
    verdict: Verdict = "reproduced" if moves and placed else "partly" if moves or placed else "not reproduced"
    words = "falls" if moves else "does not always fall"
    return Finding(f"the size that knows half of all bits {words} with the ratio; {named}", verdict)


def _falls(line: Sequence[Row]) -> bool:
    """Whether critical sizes never rise with the ratio, and those of the ends are apart, both by intervals."""
    rows = sorted(line, key=lambda row: row["ratio"])
    ends = [(from_json(row["low"]), from_json(row["high"])) for row in rows]
    return ends[-1][1] < ends[0][0] and all(low <= high for (_, high), (low, _) in pairwise(ends))


CLAIM = Claim(
    id="A-Fig 6",
    statement="Accuracy over model size is a step whose place moves with the mixing ratio.",
    published="drawn from the theory; no numbers given",
    criterion=(
        "The critical size of a ratio is where half of all bits are known along the sizes. (1) By its intervals, it"
        " never rises with the ratio, and those at the smallest and the largest ratio do not overlap. (2) It is within"
        f" {100 * NEAR:g} % of the learner's, whose one constant is set elsewhere, at {RATIOS} or more"
        " ratios, and off by more than that with its whole interval at none. Reproduced if both hold,"
        " partly if one does. Needs two critical sizes on the grid with the same people."
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("theory",),
    test=test,
)
