"""Equal exposures at different ratios."""

from phasemix.claims.claim import Claim

CLAIM = Claim(
    id="A-Fig 4 (equal exposures)",
    statement=(
        "The same number of exposures at two ratios does not give the same accuracy: it is frequency that decides."
    ),
    published=(
        "r = .2 stays near 0 after exposures with which larger ratios are learned; read off the figure, no numbers "
        "given"
    ),
)
