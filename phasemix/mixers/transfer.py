"""Our law of domains that help each other, and its best mixture."""

from phasemix.search.law_mixer import LawMixer


class Transfer(LawMixer):
    """The best mixture by the law ``transfer``."""

    law = "transfer"
    assumes = "that one domain counts as so much of another, by a power law with a floor"


MIXER = Transfer
