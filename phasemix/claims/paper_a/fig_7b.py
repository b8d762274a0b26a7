"""The exponent of the threshold frequency follows from the web loss."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.threshold_laws import (
    AGREEMENT,
    BOTH_COUNTS,
    MEASURE,
    THRESHOLD,
    UNDECIDED,
    agreement,
    by_both_counts,
    spelled,
)

EXPLAINED = 0.95  # of the variance of the sizes' losses


@in_each_experiment
def test(threshold: dict[str, Any]) -> Finding:
    """Whether the loss follows its law, whether the slopes agree, and whether α is needed for that."""
    return by_both_counts(threshold, partial(_follows, confidence=threshold["confidence"]))


def _follows(fits: Mapping[str, Any], confidence: float) -> Finding:
    agrees = agreement(fits)
    if agrees.verdict in {"not tested", "not reproduced"}:
        return agrees
    web = fits["web"]
    lawful = web["r_squared"] >= EXPLAINED and web["misfit_p"] >= 1 - confidence
    needed = fits[MEASURE]["slope"]["high"] < -1
    measured = (
        f"α = {spelled(web['exponent'])}, R² {web['r_squared']:.3f}, misfit {web['misfit']:.2f} (p ="
        f" {web['misfit_p']:.2g}); {agrees.measured}"
    )
    return Finding(measured, agrees.verdict if lawful and needed else "partly")


CLAIM = Claim(
    id="A-Fig 7b",
    statement="That exponent is α + 1, α being the exponent of the web loss in model size.",
    published="L = 1.769 + 4.952 · M^−.283, so the slope should be −1.283",
    criterion=(
        f"{THRESHOLD} (1) The loss without facts follows E + A · M^−α: R² of the sizes' means is {EXPLAINED:g} or more,"
        f" and they scatter around the law no more than their seeds explain (F test). (2) {AGREEMENT}. (3) The interval"
        " of the measured slope lies below −1, so that 1 alone, without α, is not enough. Reproduced if all hold;"
        f" partly if the difference's interval holds 0 or lies within the margin; {UNDECIDED}. {BOTH_COUNTS}"
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("threshold",),
    test=test,
)
