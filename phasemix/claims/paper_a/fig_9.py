"""The transition in ratio at larger sizes."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 9",
    statement="The transition in mixing ratio also occurs at 2.8B and 6.9B.",
    published="SynBio-20k up to r = .05; SynBio-10k up to r = .04",
)
