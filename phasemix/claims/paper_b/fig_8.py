"""Steps to the baseline's loss."""

from typing import Any

from phasemix.base.number_text import number_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment

HALF, MIXER, FREE = 0.5, "bimix", "free"


@in_each_experiment
def test(contest: dict[str, Any]) -> Finding:
    """The share of the tokens after which the law's mixture has the loss of the baseline's end."""
    means = {row["contestant"]: row for row in contest["means"][FREE]}
    baseline = means[contest["baseline"]]
    if MIXER not in means or min(means[MIXER]["seeds"], baseline["seeds"]) < 2:
        return TOO_SMALL
    row = means[MIXER]
    ends = f"{number_text(row['loss'], '.3f')} against {number_text(baseline['loss'], '.3f')} nats at the end"
    if row["to_baseline"] is None:
        return Finding(f"not every seed reaches it: {ends}", "not reproduced")
    share = row["to_baseline"] / baseline["tokens"]
    measured = f"after {number_text(100 * share, '.0f')} % of the steps, on the way; {ends}"
    return Finding(measured, "reproduced" if share <= HALF else "partly" if share < 1 else "not reproduced")


CLAIM = Claim(
    id="B-Fig 8",
    statement="The law's mixture reaches the baseline's loss in half the steps.",
    published="half the steps",
    criterion=(
        "In the contest of mixers, of the law's best mixture: the share of the steps after which the mean loss over"
        " domains, as it is measured on the way, is that of the baseline's end, meaned over seeds. Reproduced if a half"
        " or less, partly if less than all, not reproduced if a seed never reaches it. Not tested with one seed."
    ),
    history="Written on 2026-11-30, before any run of the contest.",
    kinds=("mixers",),
    test=test,
)
