"""How the critical size follows from ratio and frequency."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Theory (critical size)",
    statement="The critical size is a power of the ratio times the facts’ frequency.",
    published="M_thres ~ (r · p)^(−1/(α+1))",
)
