"""UniMax: equal proportions as far as domains reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.search.capped import capped
from phasemix.search.mixer import Choice, Mixer
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs

EPOCHS = 4  # where the problem has no limit; about as often, repeated text is as good as new (arXiv 2305.16264)


class UniMax(Mixer):
    """Every domain alike, but none read more often than it may be; what that leaves goes to the larger ones."""

    needs = "the tokens of every domain"
    costs = "nothing"
    assumes = "that all domains are worth the same, and that text wears out after so many epochs"
    source = "UniMax, arXiv 2304.09151, algorithm 1"

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """1 / k each within the caps."""
        caps = problem.caps_of(EPOCHS if problem.epochs is None else problem.epochs)
        return Choice.constant(capped(problem.domains.equal, caps))


MIXER = UniMax
