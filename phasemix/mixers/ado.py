"""ADO: a mixture that follows how fast every domain is still learned in the target's own run."""

import numpy as np

from phasemix.search.problem import Problem
from phasemix.search.steered_target import SteeredTarget


class ADO(SteeredTarget):
    """The target's run is steered by ADO; options as of :mod:`phasemix.controllers.ado`.

    It begins with the domains' own proportions, which are its prior, where they are known, and else with equal ones.
    """

    costs = "no run; passes over held-out text"
    assumes = "that a power law of the losses so far tells how fast each domain is still learned"
    source = "ADO, arXiv 2410.11820, section 3"
    steers = "ado"

    def first(self, problem: Problem) -> np.ndarray:
        """The prior."""
        return problem.domains.prior


MIXER = ADO
