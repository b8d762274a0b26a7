"""The law of divided capacity, and its best mixture."""

from phasemix.search.law_mixer import LawMixer


class CapacityAllocation(LawMixer):
    """The best mixture by the law ``capacity-allocation``."""

    law = "capacity-allocation"
    assumes = "that a model divides its capacity between domains as is best for the mixture"


MIXER = CapacityAllocation
