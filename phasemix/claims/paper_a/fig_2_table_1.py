"""The transition in mixing ratio."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.jumps import SPAN, closest_jump
from phasemix.claims.texts import percent, seen_in

NEAR_ZERO, LEARNED = 0.02, 0.5


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Sizes at which accuracy jumps between two ratios."""
    if len(transition["ratios"]) < 2:
        return TOO_SMALL
    found = []
    for size in transition["sizes"]:
        line = [cell for cell in transition["accuracies"] if cell["size"] == size]
        if jump := closest_jump(line, "ratio", NEAR_ZERO, LEARNED):
            below, above = jump
            found.append(f"{size}: r = {below['ratio']:g} {percent(below)} → r = {above['ratio']:g} {percent(above)}")
    return seen_in(found, "no size shows it")


CLAIM = Claim(
    id="A-Fig 2, A-Table 1",
    statement="At a fixed size, accuracy stays near 0 below a critical mixing ratio and rises rapidly above it.",
    published=(
        "70M: .4 % at r = .1, .8 % at .25, 27.5 % at .35, 58.1 % at .45; 410M: near 0 up to .3, about 80 % at .4"
    ),
    criterion=(
        f"Reproduced if two or more sizes have accuracy ≤ {100 * NEAR_ZERO:g} % at some r > 0 and"
        f" ≥ {100 * LEARNED:g} % at an r at most {SPAN:g} times larger; partly if one size."
    ),
    kinds=("transition",),
    test=test,
)
