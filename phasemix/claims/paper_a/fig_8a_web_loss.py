"""What subsampling costs in web loss."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (web loss)",
    statement="Subsampling raises the web loss less than a larger ratio does.",
    published="410M: +.019 to +.021 with ρ = 25 to 62.5 % at r = .2; +.054 at r = .3 without",
)
