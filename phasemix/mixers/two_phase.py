"""Two-phase pretraining: a diverse mixture first, the useful domains last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.mixers.utilimax import UtiliMax
from phasemix.search.capped import capped
from phasemix.search.mixer import Choice, require_runs, run_names
from phasemix.search.portfolio import portfolio
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs

DIVERSE = 0.6  # of the run; the paper's second phase of 40 % was the best


class TwoPhase(UtiliMax):
    """The domains' own proportions for 60 % of the run, then UtiliMax's portfolio, ``penalty`` (λ) included."""

    assumes = "that what is learned last counts most, so that the best text belongs at the end"
    source = "two-phase pretraining, arXiv 2412.15285; what is of high quality by UtiliMax's utilities"
    phases = (DIVERSE, 1.0)

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """Two phases."""
        caps = problem.caps
        diverse = capped(problem.domains.natural(self.name), caps)
        left = np.clip((caps - DIVERSE * diverse) / (1 - DIVERSE), 0, 1)  # of every domain, for the second phase
        useful = portfolio(self.utilities(problem, require_runs(self, runs)), left, self.penalty)
        return Choice(((DIVERSE, diverse), (1.0, useful)), runs=run_names(runs), cost=self.cost(problem))


MIXER = TwoPhase
