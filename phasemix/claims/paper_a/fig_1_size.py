"""The transition in model size."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.jumps import SPAN, closest_jump
from phasemix.claims.texts import percent, seen_in

NEAR_ZERO, LEARNED = 0.05, 0.6  # paper A's "past 60 %"


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Ratios at which accuracy jumps between two sizes."""
    if len(transition["sizes"]) < 2:
        return TOO_SMALL
    found = []
    for ratio in transition["ratios"]:
        line = [cell for cell in transition["accuracies"] if cell["ratio"] == ratio]
        if jump := closest_jump(line, "parameters", NEAR_ZERO, LEARNED):
            small, large = jump
            found.append(f"r = {ratio:g}: {small['size']} {percent(small)} → {large['size']} {percent(large)}")
    return seen_in(found, "no ratio shows it")


CLAIM = Claim(
    id="A-Fig 1 (size)",
    statement=(
        "At a fixed mixing ratio, accuracy stays near 0 below a critical model size and jumps past 60 % above it."
    ),
    published="sizes 14M–410M, r = .1 to .4, SynBio-320k, 32B tokens",
    criterion=(
        f"Reproduced if at two or more ratios accuracy is ≤ {100 * NEAR_ZERO:g} % at one size and"
        f" ≥ {100 * LEARNED:g} % at a size at most {SPAN:g} times larger; partly if at one ratio."
    ),
    kinds=("transition",),
    test=test,
)
