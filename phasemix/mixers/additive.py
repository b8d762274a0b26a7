"""The additive law of optimal data mixtures: a law that knows sizes, and its best mixture."""

from phasemix.search.law_mixer import LawMixer


class Additive(LawMixer):
    """The best mixture by the law ``additive``."""

    law = "additive"
    assumes = "that proportions, size and steps add up, each by a power law"


MIXER = Additive
