"""The measured slope against the predicted one."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 7a, A-Fig 7b (slopes)",
    statement="The slope of the threshold frequency that is measured and the one that the web loss predicts agree.",
    published="measured −1.152, predicted −1.283",
)
