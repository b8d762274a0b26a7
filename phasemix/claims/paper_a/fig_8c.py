"""Subsampling in continual pre-training."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 8c",
    statement="Subsampling also helps in continual pre-training at 1B.",
    published="ρ = 50 % at r = .2 beats r = .2 and early-stopped r = .4 by about 30 points",
)
