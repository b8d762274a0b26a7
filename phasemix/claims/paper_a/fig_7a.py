"""Threshold frequency against model size."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.threshold_laws import BOTH_COUNTS, POWER_LAW, THRESHOLD, UNDECIDED, by_both_counts, power_law


@in_each_experiment
def test(threshold: dict[str, Any]) -> Finding:
    """A line that falls, is straight, and explains the sizes."""
    return by_both_counts(threshold, power_law)


CLAIM = Claim(
    id="A-Fig 7a",
    statement="The threshold frequency falls as a power law of model size.",
    published="slope −1.152",
    criterion=f"{THRESHOLD} {POWER_LAW} It is {UNDECIDED}. {BOTH_COUNTS}",
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("threshold",),
    test=test,
)
