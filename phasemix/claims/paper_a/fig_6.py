"""Accuracy over size is a step that moves with the ratio."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 6",
    statement="Accuracy over model size is a step whose place moves with the mixing ratio.",
    published="drawn from the theory; no numbers given",
)
