"""Steps to the baseline's loss."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Fig 8",
    statement="The law's mixture reaches the baseline's loss in half the steps.",
    published="half the steps",
)
