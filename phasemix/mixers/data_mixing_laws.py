"""Data Mixing Laws: an exponential of all proportions, nested in laws of steps and sizes."""

from phasemix.search.law_mixer import LawMixer


class DataMixingLaws(LawMixer):
    """The best mixture by the law ``exponential``."""

    law = "exponential"
    assumes = "that losses are exponential in the proportions, and that what is best for small runs is best later on"


MIXER = DataMixingLaws
