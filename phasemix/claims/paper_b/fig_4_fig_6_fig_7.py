"""Downstream tasks at 1B."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="B-Fig 4, B-Fig 6, B-Fig 7",
    statement="A 1B model trained on the law's best mixture beats the baselines' mixtures on downstream tasks.",
    published="ahead of Baseline, DoReMi and DoGE; RegMix comparable",
)
