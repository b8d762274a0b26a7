"""The measured slope against the predicted one."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.threshold_laws import AGREEMENT, BOTH_COUNTS, THRESHOLD, UNDECIDED, agreement, by_both_counts


@in_each_experiment
def test(threshold: dict[str, Any]) -> Finding:
    """The difference of the slopes with its interval."""
    return by_both_counts(threshold, agreement)


CLAIM = Claim(
    id="A-Fig 7a, A-Fig 7b (slopes)",
    statement="The slope of the threshold frequency that is measured and the one that the web loss predicts agree.",
    published="measured −1.152, predicted −1.283",
    criterion=(
        f"{THRESHOLD} {AGREEMENT}. Partly if it holds 0 and is wider, or lies within that margin beside 0; {UNDECIDED}."
        f" {BOTH_COUNTS}"
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("threshold",),
    test=test,
)
