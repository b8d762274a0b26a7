"""Too large a subsample is not learned."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (collapse)",
    statement="When too much of the dense set is kept, accuracy collapses again.",
    published="410M, r = .2: 39.8 % at ρ = 56.25 %, near 0 at ρ = 62.5 %",
)
