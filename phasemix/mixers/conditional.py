"""Proportions by a measure of the domains: the conditional entropy."""

from phasemix.search.entropy_mixer import EntropyMixer


class Conditional(EntropyMixer):
    """exp(CE) over their sum."""

    measure = "conditional"


MIXER = Conditional
