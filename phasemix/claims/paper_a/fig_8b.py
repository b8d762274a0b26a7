"""Compact knowledge mixing makes more facts learnable in continual training."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import MULTIPLIED, multiplied


@in_each_experiment
def test(continual: dict[str, Any]) -> Finding:
    """Accuracy with tuples, as a multiple of that without."""
    return multiplied(continual["means"], "compact")


CLAIM = Claim(
    id="A-Fig 8b",
    statement="Compact knowledge mixing makes more facts learnable at the same ratio.",
    published="410M, r = .1, in continual training: 4 × the facts at τ = .1, 20 × at τ = .3",
    criterion=(
        "In continual training, where nothing is learned without: accuracy over all facts at the best τ. " + MULTIPLIED
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("continual",),
    test=test,
)
