"""How the critical size follows from ratio and frequency."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.predictions import fits, slope_text

POINTS = 3


@in_each_experiment
def test(theory: dict[str, Any]) -> Finding:
    """The slope of critical sizes on the ratio times the facts' frequency."""
    rows = [row for row in theory["exponents"] if row["of"] == "size" and row["points"] >= POINTS]
    if not rows:
        return TOO_SMALL
    [row] = rows
    verdict: Verdict = "reproduced" if fits(row, "law") else "partly" if fits(row, "predicted") else "not reproduced"
    return Finding(f"over {row['points']} critical sizes, their exponent is {slope_text(row)}", verdict)


CLAIM = Claim(
    id="A-Theory (critical size)",
    statement="The critical size is a power of the ratio times the facts’ frequency.",
    published="M_thres ~ (r · p)^(−1/(α+1))",
    criterion=(
        f"Of {POINTS} or more critical sizes on their grids, the slope of the logarithm on that of r / (1"
        " − r) times the frequency of a fact, against −1/(α + 1), α being that of web-only runs."
        " Reproduced if the interval of the difference holds 0; partly if only that to the learner's"
        " slope between the same points does, which takes into account that the facts fill a part of the capacity."
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("theory",),
    test=test,
)
