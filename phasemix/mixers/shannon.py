"""Proportions by a measure of the domains: the shannon entropy."""

from phasemix.search.entropy_mixer import EntropyMixer


class Shannon(EntropyMixer):
    """exp(SE) over their sum."""

    measure = "shannon"


MIXER = Shannon
