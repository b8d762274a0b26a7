"""UtiliMax: a portfolio of domains by what each is worth alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.search.mixer import Choice, require_runs, run_names
from phasemix.search.portfolio import portfolio
from phasemix.search.problem import Problem
from phasemix.search.single_domains import SingleDomains, helps

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class UtiliMax(SingleDomains):
    """The mixture with the best utility less ``penalty`` (λ) times how few domains it has, within caps of epochs.

    A domain's utility is what training on it alone does to every loss, from 0 of the domain that helps least to 1 of
    the one that helps most, in the mean over loss domains by their weights.
    """

    needs = "a small run on every domain alone, and the tokens of every domain where epochs are limited"
    costs = "a small run a domain"
    assumes = "that what a domain does alone it does in a mixture"
    source = "UtiliMax, arXiv 2501.11747"

    def __init__(self, penalty: float = 1.0) -> None:
        self.penalty = penalty

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """The portfolio by the utilities of the runs."""
        mixture = portfolio(self.utilities(problem, require_runs(self, runs)), problem.caps, self.penalty)
        return Choice.constant(mixture, runs=run_names(runs), cost=self.cost(problem))

    @staticmethod
    def utilities(problem: Problem, runs: Runs) -> np.ndarray:
        """The utility of every domain, shape (k,)."""
        helped = helps(problem, runs)
        most = np.maximum(helped.max(axis=1, keepdims=True), 1e-12)
        return np.asarray(problem.weights_of(runs.targets) @ (helped / most))


MIXER = UtiliMax
