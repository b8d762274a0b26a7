"""A mixture that somebody else has found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.search.mixer import Choice, Mixer, Trial
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class Published(Mixer):
    """The proportions that the domains are given with, over their sum.

    They are its options, by domain; without any, a column of the table of domains.
    """

    needs = "proportions as options, by domain, or as a column published of the domains"
    costs = "nothing"
    assumes = "that what was best for somebody else's models and text is best for yours"
    source = "whoever published it"

    def __init__(self, **proportions: float) -> None:
        self.proportions = proportions

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """None.

        Raises:
            PhasemixError: the proportions are of other domains, or none at all.
        """
        given, names = self.proportions, problem.domains.names
        if given and given.keys() != set(names):
            raise PhasemixError(f"published proportions must be given for each of {', '.join(names)}, and for no other")
        if given and not (min(given.values()) >= 0 and sum(given.values()) > 0):
            raise PhasemixError("published proportions must be at least 0, and not all of them 0")
        return []

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """The proportions over their sum."""
        self.rounds(problem)
        if self.proportions:
            given = np.array([self.proportions[name] for name in problem.domains.names])
        else:
            given = problem.domains.measured("published", self.name)
        return Choice.constant(np.asarray(given / given.sum()))


MIXER = Published
