"""ADO: a mixture that follows how fast every domain is still learned in the target's own run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.search.mixer import Choice, Mixer, Steer
from phasemix.search.problem import Problem
from phasemix.search.steered_proxy import initial

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class ADO(Mixer):
    """The target's run is steered by ADO; options as of :mod:`phasemix.controllers.ado`.

    It begins with the domains' own proportions, which are its prior, where they are known, and else with equal ones.
    """

    needs = "a trainer that can change the mixture of the target's run, and its losses"
    costs = "no run; passes over held-out text"
    assumes = "that a power law of the losses so far tells how fast each domain is still learned"
    source = "ADO, arXiv 2410.11820, section 3"
    steers = "ado"

    def __init__(self, **options: float) -> None:
        self.options = Steer("ado", options).options

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """The prior at first, then what the controller finds."""
        tokens = problem.domains.tokens
        prior = initial(problem) if tokens is None else tokens / tokens.sum()
        return Choice.constant(np.asarray(prior), steering=Steer("ado", self.options))


MIXER = ADO
