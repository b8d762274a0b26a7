"""How compact knowledge mixing raises frequency."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 8b (frequency)",
    statement="Compact tuples raise the frequency of each fact at an unchanged ratio.",
    published="about 2 × at τ = .1, 3 × at τ = .3, 4 × at τ = .6",
)
