"""The domains' own proportions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.search.mixer import Choice, Mixer
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class Natural(Mixer):
    """Every domain as large as it is."""

    needs = "the tokens of every domain"
    costs = "nothing"
    assumes = "that the collection is mixed as it should be"
    source = "the baseline of BiMix (arXiv 2405.14908) and most others"

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """Tokens over their sum."""
        return Choice.constant(problem.domains.natural(self.name))


MIXER = Natural
