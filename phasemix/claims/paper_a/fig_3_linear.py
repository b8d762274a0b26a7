"""Tokens needed are linear in 1/r at large ratios."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 3 (above r = .4)",
    statement="Above r = .4, the tokens needed are linear in 1/r.",
    published="70M, T at 20, 40 and 60 %, r up to .8; read off the figure, no numbers given",
)
