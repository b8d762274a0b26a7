"""How the critical ratio follows from the number of facts and the size."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Theory (critical ratio)",
    statement=(
        "Among S equally frequent facts, the critical ratio grows in proportion to S and falls as a power of model "
        "size."
    ),
    published="r_thres ~ S / M^(α+1)",
)
