"""Frequency per token or per step."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 11 (per token)",
    statement="It is a fact's frequency per token that decides, not its frequency per optimizer step.",
    published="batch 256, 512 and 1024 at r = .2, .4 and .8; read off the figure, no numbers given",
)
