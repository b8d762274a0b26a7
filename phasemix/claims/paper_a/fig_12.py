"""The transition in reasoning, the maximum of integers."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.reasoning_answers import RULE, judged


@in_each_experiment
def test(reasoning: dict[str, Any]) -> Finding:
    """Ground, height and shape of the task maximum."""
    return judged(reasoning.get("maximum"))


CLAIM = Claim(
    id="A-Fig 12",
    statement="The transition also occurs for the maximum of 30 integers.",
    published="70M reaches 60 % at r = .5",
    criterion=RULE,
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, after probes"
        " and a review, what is far above the critical point ceased to count, and one seed came to be enough for"
        " partly."
    ),
    kinds=("reasoning",),
    test=test,
)
