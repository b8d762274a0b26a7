"""Threshold frequency against model size."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 7a",
    statement="The threshold frequency falls as a power law of model size.",
    published="slope −1.152",
)
