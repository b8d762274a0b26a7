"""Raising the ratio in continual training costs web loss first."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 8b, A-Fig 8c (early stopping)",
    statement=(
        "In continual training, a larger ratio raises the web loss past what is acceptable before the facts are "
        "learned."
    ),
    published="stopped at +.05 (410M, r = .2, after 20B tokens) and +.03 (1B, r = .4, after 24B tokens)",
)
