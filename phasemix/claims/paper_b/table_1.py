"""Extrapolation in steps."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Table 1",
    statement="The law predicts the loss at the last step from the points before it.",
    published="mean relative error .16–.19 %",
)
