"""The mixtures that follow from the entropies."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Tables 4, 5",
    statement="The entropy mixtures follow from the entropies of the domains' tokens alone.",
    published=(
        "SlimPajama by conditional entropy: ArXiv .071, Books .167, C4 .208, CommonCrawl .218, GitHub .090, "
        "StackExchange .118, Wikipedia .129"
    ),
)
