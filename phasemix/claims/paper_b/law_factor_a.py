"""A factor of the law that cannot be identified."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Law (factor A)",
    statement="Of the law's coefficients, A_i cannot be identified apart from B_i and C_i.",
    published="L_i = (A_i / r_i^α_i) · (B_i / s^β_i + C_i); all five are fitted",
)
