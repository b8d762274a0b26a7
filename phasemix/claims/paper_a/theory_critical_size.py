"""How the critical size follows from ratio and frequency."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.predictions import CLOSE, fits, slope_text

POINTS = 3


@in_each_experiment
def test(theory: dict[str, Any]) -> Finding:
    """The slope of critical sizes on the ratio times the facts' frequency."""
    rows = [row for row in theory["exponents"] if row["of"] == "size" and row["places"] >= POINTS]
    if not rows:
        return TOO_SMALL
    [row] = rows
    verdict: Verdict = "reproduced" if fits(row, "predicted") else "partly" if row["high"] < 0 else "not reproduced"
    return Finding(f"over {row['points']} critical sizes, their exponent is {slope_text(row)}", verdict)


CLAIM = Claim(
    id="A-Theory (critical size)",
    statement="The critical size is a power of the ratio times the facts’ frequency.",
    published="M_thres ~ (r · p)^(−1/(α+1))",
    criterion=(
        f"Of {POINTS} or more critical sizes on their grids, the slope of the logarithm on that of r / (1"
        " − r) times the frequency of a fact. The law, −1/(α + 1), is that of where the first bits are learned; where"
        " half are, the facts fill a part of the capacity, which the learner’s slope between the same points takes into"
        f" account. Reproduced if the interval of the difference from that comes within {CLOSE:g} of 0; partly if the"
        " slope is negative by its interval."
    ),
    history=(
        "Written on 2026-11-28, before any run of the experiment, against the law itself, which the learner would not"
        " have passed; against the learner since 2026-11-29, when two critical sizes were known and this needed three."
    ),
    kinds=("theory",),
    test=test,
)
