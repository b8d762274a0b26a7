"""The law that sees the cliff of facts, and its best mixture."""

from phasemix.search.law_mixer import LawMixer


class Cliff(LawMixer):
    """The best mixture by the law ``cliff``."""

    law = "cliff"
    needs = "small runs on mixtures that fill the simplex, and the bits of facts that domains hold (facts.<domain>)"
    assumes = "that capacity is divided between domains, and facts are worth it above a threshold"


MIXER = Cliff
