"""The exponent of the threshold frequency follows from the web loss."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 7b",
    statement="That exponent is α + 1, α being the exponent of the web loss in model size.",
    published="L = 1.769 + 4.952 · M^−.283, so the slope should be −1.283",
)
