"""Our law with a Gaussian process on top, and its best mixture."""

from phasemix.search.law_mixer import LawMixer


class Kriging(LawMixer):
    """The best mixture by the law ``kriging``."""

    law = "kriging"
    assumes = "that what the law transfer leaves is smooth in the mixture; needs several times as many runs as domains"


MIXER = Kriging
