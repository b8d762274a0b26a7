"""Compact knowledge mixing makes more facts learnable from scratch."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import ENOUGH, multiplied


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """Accuracy with tuples, beside that without."""
    return multiplied(strategies["means"], "compact")


CLAIM = Claim(
    id="A-Fig 8b (from scratch)",
    statement="Compact knowledge mixing makes more facts learnable at the same ratio.",
    published="nothing: A mixes tuples in continual training alone",
    criterion=(
        "From scratch, where nothing is learned without. Reproduced if accuracy, asked as biographies put it, is"
        " enough at some τ. " + ENOUGH
    ),
    history=(
        "Written on 2026-11-29. On 2026-11-30, after probes of one seed (docs/probes.md) and a review, multiples were"
        " taken of the upper end of what is known without."
    ),
    kinds=("strategies",),
    test=test,
)
