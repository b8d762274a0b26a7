"""Model size against threshold popularity."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 7c, A-Fig 13",
    statement="The logarithm of model size is linear in the logarithm of the threshold popularity of PopQA facts.",
    published="inferred sizes of GPT-3.5-Turbo 61B, GPT-4 514B, GPT-4o 226B, GPT-4o-mini 24B",
)
