"""Equal proportions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.search.mixer import Choice, Mixer
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class Uniform(Mixer):
    """Every domain alike, however often that repeats it."""

    needs = "nothing"
    costs = "nothing"
    assumes = "that all domains are worth the same"
    source = "stratified sampling, which Aioli (arXiv 2411.05735) found hard to beat"

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """1 / k each."""
        return Choice.constant(problem.domains.equal)


MIXER = Uniform
