"""MEDU: a portfolio of domains by what a language model says that they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.search.mixer import Choice, Mixer
from phasemix.search.portfolio import portfolio
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class MEDU(Mixer):
    """UtiliMax's portfolio, ``penalty`` (λ) included, of utilities from 0 to 1 that a language model has estimated."""

    needs = "utilities as a column utility of the domains, which `phasemix mix utilities` asks a language model for"
    costs = "reading some samples of every domain"
    assumes = "that the language model knows what is useful"
    source = "MEDU, arXiv 2501.11747"

    def __init__(self, penalty: float = 1.0) -> None:
        self.penalty = penalty

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """The portfolio by the column ``utility``."""
        utilities = problem.domains.measured("utility", self.name)
        return Choice.constant(portfolio(utilities, problem.caps, self.penalty))


MIXER = MEDU
