"""The shape of the law."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Fig 1, B-Fig 2",
    statement="A domain's loss is a power law of its proportion and a power law with a constant of the steps.",
    published="straight and bent lines on log-log axes",
)
