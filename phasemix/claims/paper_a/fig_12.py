"""The transition in reasoning, the maximum of integers."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 12",
    statement="The transition also occurs for the maximum of 30 integers.",
    published="70M reaches 60 % at r = .5",
)
