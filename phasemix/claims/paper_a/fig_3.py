"""Tokens needed grow faster than a power law."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 3",
    statement="As r falls, the tokens needed grow like exp(B/r) or faster: a power law of r underpredicts them.",
    published="T at 40 %: log A = −.255, B = 1.514 (R² .998); measured / power law > 2.9 at r = .25, > 1.9 at r = .2",
)
