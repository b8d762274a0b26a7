"""Random subsampling makes more facts learnable in continual training."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import ENOUGH, multiplied

PUBLISHED = {0.5: 4}  # by ρ, times as many facts


@in_each_experiment
def test(continual: dict[str, Any]) -> Finding:
    """Accuracy with fewer people, beside that without."""
    return multiplied(continual["means"], "subsampling", PUBLISHED)


CLAIM = Claim(
    id="A-Fig 8b (subsampling)",
    statement="Random subsampling makes more facts learnable in continual training too.",
    published="410M, r = .1: 4 × the facts with ρ = 50 %",
    criterion=(
        "In continual training, where nothing is learned without. Reproduced if accuracy over all facts, also those"
        " that are never shown, is enough at ρ = 50 %, where that is on the grid. " + ENOUGH
    ),
    history=(
        "Written on 2026-11-29. On 2026-11-30, after probes of one seed (docs/probes.md) and two reviews, half of the"
        " published multiple was asked for, and that of the upper end of what is known without."
    ),
    kinds=("continual",),
    test=test,
)
