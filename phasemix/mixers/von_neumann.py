"""Proportions by a measure of the domains: the von-neumann entropy."""

from phasemix.search.entropy_mixer import EntropyMixer


class VonNeumann(EntropyMixer):
    """exp(VNE) over their sum."""

    measure = "von-neumann"


MIXER = VonNeumann
