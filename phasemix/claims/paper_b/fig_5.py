"""The entropy mixtures against the baseline."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Fig 5",
    statement=(
        "The entropy mixtures all have lower average log-perplexity than the baseline; conditional entropy is best."
    ),
    published="read off the figure; no numbers given",
)
