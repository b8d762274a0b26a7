"""The transition in reasoning, slopes of lines."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 5",
    statement="The transition also occurs for a reasoning task, slopes of lines, in model size and in mixing ratio.",
    published="below 5 % of 9.9e7 questions ever seen",
)
