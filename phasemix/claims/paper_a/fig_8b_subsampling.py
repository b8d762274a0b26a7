"""Random subsampling makes more facts learnable in continual training."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import MULTIPLIED, multiplied


@in_each_experiment
def test(continual: dict[str, Any]) -> Finding:
    """Accuracy with fewer people, as a multiple of that without."""
    return multiplied(continual["means"], "subsampling")


CLAIM = Claim(
    id="A-Fig 8b (subsampling)",
    statement="Random subsampling makes more facts learnable in continual training too.",
    published="410M, r = .1: 4 × the facts with ρ = 50 %",
    criterion=(
        "In continual training, where nothing is learned without: accuracy over all facts, also those that are never"
        " shown, at the best ρ. " + MULTIPLIED
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("continual",),
    test=test,
)
