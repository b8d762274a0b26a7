"""Extrapolation in steps, the worst domains."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Table 1 (worst domain)",
    statement="It does so in every domain: the largest error stays below 1 %.",
    published="Pile: Baseline .43 %, DoReMi .95 %, CE .67 %; SlimPajama: .29 %, .24 %, .31 %",
)
