"""Prediction of other mixtures, the worst domains."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Table 2 (worst domain)",
    statement="Even in the domain that it fits worst, the law predicts most of the variation of the losses.",
    published="R² .79 (Pile), .99 (SlimPajama)",
)
