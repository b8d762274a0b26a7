"""DUET: Bayesian optimisation of the mixture, a run at a time, on documents that are drawn by their influence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.search.bayesian import next_mixture
from phasemix.search.mixer import Choice, Mixer, Trial, require_runs, run_names
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class DUET(Mixer):
    """Every small run tries the mixture of which a Gaussian process hopes most; the best that was tried is taken.

    ``courage`` (β) is how much the process's doubt counts beside its mean. The first run has equal proportions and
    documents at random; its model says which documents help their own domain most, where DUET trains a model of every
    domain for that, and all later runs draw these more often (:mod:`phasemix.domains.influence`).
    """

    needs = "small runs one after another, each on a mixture that depends on all before; `phasemix mix influences`"
    costs = "all small runs, and the gradients of some documents of every domain"
    assumes = "that losses change smoothly with the mixture; the best of few runs is a noisy choice"
    source = "DUET, arXiv 2502.00270, algorithm 1"
    influences = "duet-00"

    def __init__(self, courage: float = 1.0) -> None:
        self.courage = courage

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """A run a round."""
        return [[Trial(f"duet-{number:02d}", problem.proxy)] for number in range(problem.runs)]

    def mixtures(self, problem: Problem, number: int, runs: Runs | None) -> np.ndarray:
        """Equal proportions first, then what the process hopes for."""
        if number == 0:
            return problem.domains.equal[None]
        found, values = self._seen(problem, runs)
        return next_mixture(found, values, problem.caps, self.courage, problem.seed + number)[None]

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """The best mixture that was tried."""
        mixtures, values = self._seen(problem, runs)
        best = mixtures[int(values.argmin())]
        return Choice.constant(best, runs=run_names(runs), cost=self.cost(problem), notes=tuple(self.advice(problem)))

    def advice(self, problem: Problem) -> list[str]:  # noqa: ARG002 (others need it)
        """That documents are drawn by influence."""
        how = f"draw documents by what `phasemix mix influences` says with the model of {self.influences}"
        return [f"in every run after {self.influences}, the target's too, {how}"]

    def _seen(self, problem: Problem, runs: Runs | None) -> tuple[np.ndarray, np.ndarray]:
        """The mixtures that were tried (n, k), and the objective of each (n,), of a run's last row."""
        found = require_runs(self, runs).aligned(problem.domains.names)
        last = [rows[-1] for rows in found.rows_by_run()]
        return found.mixture[last], found.loss[last] @ problem.weights_of(found.targets)


MIXER = DUET
