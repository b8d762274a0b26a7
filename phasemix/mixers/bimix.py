"""BiMix's law of a domain's own proportion, and its best mixture."""

from phasemix.search.law_mixer import LawMixer


class BiMix(LawMixer):
    """The best mixture by the law ``bimix``."""

    law = "bimix"
    needs = "small runs on mixtures that fill the simplex, whose losses were measured at several steps"
    assumes = "that a domain's loss depends on its own proportion and the steps alone, and that no mixture has zeros"


MIXER = BiMix
