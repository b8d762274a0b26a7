"""Other batch sizes, learning rates and schedules."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 11",
    statement="The trends hold for other batch sizes, learning rates and schedules.",
    published="batch 256–1024, peak 2.5e-4 to 4e-3, cosine and WSD",
)
