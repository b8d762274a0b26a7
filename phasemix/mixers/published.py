"""A mixture that somebody else has found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.search.mixer import Choice, Mixer
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class Published(Mixer):
    """The proportions that the domains are given with, over their sum."""

    needs = "proportions as a column published of the domains"
    costs = "nothing"
    assumes = "that what was best for somebody else's models and text is best for yours"
    source = "whoever published it"

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """The column ``published`` over its sum."""
        given = problem.domains.measured("published", self.name)
        return Choice.constant(np.asarray(given / given.sum()))


MIXER = Published
