"""How the threshold frequency follows from size."""

from collections.abc import Mapping
from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.threshold_laws import (
    AGREEMENT,
    BOTH_COUNTS,
    POWER_LAW,
    THRESHOLD,
    UNDECIDED,
    agreement,
    by_both_counts,
    power_law,
)


@in_each_experiment
def test(threshold: dict[str, Any]) -> Finding:
    """A power law, and of the exponent that the web loss gives."""
    return by_both_counts(threshold, _of_this_exponent)


def _of_this_exponent(fits: Mapping[str, Any]) -> Finding:
    law, exponent = power_law(fits), agreement(fits)
    verdicts = {law.verdict, exponent.verdict}
    if "not tested" in verdicts:
        return law if law.verdict == "not tested" else exponent
    measured = f"{law.measured}; {exponent.measured}"
    return Finding(measured, verdicts.pop() if len(verdicts) == 1 else "partly")


CLAIM = Claim(
    id="A-Theory (threshold frequency)",
    statement="The threshold frequency is a power of model size.",
    published="f_thres ~ M^(−(α+1))",
    criterion=(
        f"{THRESHOLD} As a power: {POWER_LAW} Of this exponent: {AGREEMENT}; partly if it holds 0 and is wider, or lies"
        " within that margin beside 0. The claim has the verdict of both if these are the same, and is partly"
        f" reproduced if not; it is {UNDECIDED}. {BOTH_COUNTS}"
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("threshold",),
    test=test,
)
