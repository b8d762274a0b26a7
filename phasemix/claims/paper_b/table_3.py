"""How many coefficients a law needs."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Table 3",
    statement=(
        "For m domains the law needs 5m coefficients for all steps, the exponential law m² + 2m for each target step."
    ),
    published="5m against m² + 2m",
)
