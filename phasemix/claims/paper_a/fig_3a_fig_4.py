"""Longer training does not help below the critical ratio."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 3a, A-Fig 4",
    statement="Far longer training at a ratio below the critical one does not help.",
    published="r = .2, 512B tokens (about 3000 exposures per person at 70M, 200 at 410M): still near 0",
)
