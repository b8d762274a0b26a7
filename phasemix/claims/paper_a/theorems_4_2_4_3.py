"""The learner of bounded capacity."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Thm 4.2, A-Thm 4.3",
    statement=(
        "A learner of bounded capacity solves a knapsack; facts are learned all or none as capacity or ratio grows."
    ),
    published="r_thres ~ 1 / (p · M^(α+1))",
)
