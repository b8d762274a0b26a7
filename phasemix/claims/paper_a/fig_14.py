"""The strategies keep general abilities."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 14",
    statement=(
        "Under subsampling and compact mixing, web loss and downstream accuracy stay within the acceptable range."
    ),
    published="web loss +.019 to +.021 (410M, from scratch); below +.05 (410M) and +.03 (1B) in continual training",
)
