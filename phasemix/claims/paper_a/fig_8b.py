"""Compact knowledge mixing makes more facts learnable."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 8b",
    statement="Compact knowledge mixing makes more facts learnable at the same ratio.",
    published="410M, r = .1: 4 × the facts at τ = .1, 20 × at τ = .3",
)
