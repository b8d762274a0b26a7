"""How the threshold frequency follows from size."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Theory (threshold frequency)",
    statement="The threshold frequency is a power of model size.",
    published="f_thres ~ M^(−(α+1))",
)
