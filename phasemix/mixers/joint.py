"""Proportions by a measure of the domains: the joint entropy."""

from phasemix.search.entropy_mixer import EntropyMixer


class Joint(EntropyMixer):
    """exp(JE) over their sum."""

    measure = "joint"


MIXER = Joint
