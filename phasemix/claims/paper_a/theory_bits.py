"""Bits of knowledge per parameter."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Theory (bits per parameter)",
    statement="A sufficiently trained model holds about 2 bits of knowledge per parameter.",
    published="about 2 bits, as earlier work measured",
)
