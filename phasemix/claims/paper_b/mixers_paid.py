"""Whether any mixer beats what costs nothing if its search is paid."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment
from phasemix.claims.paper_b.mixers_best import CRITERION, best_against_plain

CHARGED = "charged"


@in_each_experiment
def test(contest: dict[str, Any]) -> Finding:
    """The claim at equal total cost."""
    return best_against_plain(contest["means"][CHARGED], contest["baseline"])


CLAIM = Claim(
    id="B-Mixers (best, paid)",
    statement="It does so too if the search is paid from the same tokens.",
    published="nothing: papers train all models on the same tokens, and count the search apart or not at all",
    criterion=f"In the contest of mixers, at equal total cost: models have the tokens that are left. {CRITERION}",
    history="Written on 2026-11-30, before any run of the contest.",
    kinds=("mixers",),
    test=test,
)
