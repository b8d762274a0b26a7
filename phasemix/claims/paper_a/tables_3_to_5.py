"""General abilities under the strategies."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Tables 3–5",
    statement="Subsampling and compact mixing do not harm general abilities.",
    published="a drop of more than 2 % counts as harm",
)
