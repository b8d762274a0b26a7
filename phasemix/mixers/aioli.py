"""Aioli: a mixture that is found anew in every round of the target's own run."""

from phasemix.search.steered_target import SteeredTarget


class Aioli(SteeredTarget):
    """The target's run is steered by Aioli; options as of :mod:`phasemix.controllers.aioli`."""

    costs = "no run; a part of the target's run reads mixtures that are tried, and passes over held-out text"
    assumes = "that how domains help each other now, they do for a while"
    source = "Aioli, arXiv 2411.05735, algorithm 1"
    steers = "aioli"


MIXER = Aioli
