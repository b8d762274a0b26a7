"""Aioli: a mixture that is found anew in every round of the target's own run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.search.mixer import Choice, Mixer, Steer
from phasemix.search.problem import Problem
from phasemix.search.steered_proxy import initial

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class Aioli(Mixer):
    """The target's run is steered by Aioli; options as of :mod:`phasemix.controllers.aioli`."""

    needs = "a trainer that can change the mixture of the target's run, and its losses"
    costs = "no run; a part of the target's run reads mixtures that are tried, and passes over held-out text"
    assumes = "that how domains help each other now, they do for a while"
    source = "Aioli, arXiv 2411.05735, algorithm 1"
    steers = "aioli"

    def __init__(self, **options: float) -> None:
        self.options = Steer("aioli", options).options

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """Equal proportions at first, then what the controller finds."""
        return Choice.constant(initial(problem), steering=Steer("aioli", self.options))


MIXER = Aioli
