"""How the critical ratio follows from the number of facts and the size."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.predictions import CLOSE, fits, slope_text

SIZES = 3  # of a slope along sizes


@in_each_experiment
def test(theory: dict[str, Any]) -> Finding:
    """The slopes of critical odds on the number of people at one size, and on the size with the same people."""
    rows = [row for row in theory["exponents"] if row["of"] == "ratio"]
    people = [row for row in rows if row["along"] == "people"]
    sizes = [row for row in rows if row["along"] == "size" and row["places"] >= SIZES]
    if not (people and sizes):
        return TOO_SMALL
    found = [f"on N at {row['size']}: {slope_text(row)}" for row in people]
    found += [f"on M with {row['people']:.0f} people: {slope_text(row)}" for row in sizes]
    verdict: Verdict = "not reproduced"
    if all(fits(row, "predicted") for row in people + sizes):
        verdict = "reproduced"
    elif all(row["low"] > 0 for row in people) and all(row["high"] < 0 for row in sizes):
        verdict = "partly"
    return Finding(f"exponents of the critical odds {'; '.join(found)}", verdict)


CLAIM = Claim(
    id="A-Theory (critical ratio)",
    statement=(
        "Among S equally frequent facts, the critical ratio grows in proportion to S and falls as a power of model "
        "size."
    ),
    published="r_thres ~ S / M^(α+1)",
    criterion=(
        "The critical odds r / (1 − r), where half of all bits are known: the slope of their logarithm on"
        " that of the number of people at every size, and on that of the size with every number of people,"
        f" along {SIZES} sizes or more. The law, 1 and −(α + 1), is that of where the first bits are learned; where"
        " half are, the facts fill a part of the capacity, and the learner’s slope between the same points is"
        " steeper. Reproduced if the intervals of all differences from the learner’s come within"
        f" {CLOSE:g} of 0; partly if every slope has the right sign by its interval."
    ),
    history=(
        "Written on 2026-11-28, before any run of the experiment, against the law itself, which the learner would not"
        " have passed; against the learner since 2026-11-29, before critical ratios at three sizes or two numbers of"
        " people were measured."
    ),
    kinds=("theory",),
    test=test,
)
