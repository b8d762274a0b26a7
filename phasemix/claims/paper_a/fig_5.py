"""The transition in reasoning, slopes of lines."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.reasoning_answers import RULE, judged


@in_each_experiment
def test(reasoning: dict[str, Any]) -> Finding:
    """Ground, height and shape of the task slope."""
    return judged(reasoning.get("slope"))


CLAIM = Claim(
    id="A-Fig 5",
    statement="The transition also occurs for a reasoning task, slopes of lines, in model size and in mixing ratio.",
    published="below 5 % of 9.9e7 questions ever seen",
    criterion=RULE,
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, after probes"
        " and a review, what is far above the critical point ceased to count, and one seed came to be enough for"
        " partly."
    ),
    kinds=("reasoning",),
    test=test,
)
