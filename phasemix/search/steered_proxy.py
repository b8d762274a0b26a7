"""What DoReMi and DoGE share: a proxy that a controller steers, of which the target reads the mean mixture."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.search.mixer import Choice, Mixer, Trial, require_runs, run_names
from phasemix.search.problem import Problem, Scale

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class SteeredProxy(Mixer):
    """The mean of the proportions that a controller gave a proxy on its way."""

    @property
    def proxy(self) -> str:
        """The name of the proxy's run."""
        return f"{self.name}-proxy"

    @abstractmethod
    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """See :meth:`Mixer.rounds`; the proxy is the last run."""

    def mixtures(self, problem: Problem, number: int, runs: Runs | None) -> np.ndarray:  # noqa: ARG002 (others need it)
        """Equal proportions, with which all runs begin."""
        return problem.domains.equal[None]

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """What the proxy read of every domain.

        Raises:
            PhasemixError: its run is missing.
        """
        found = require_runs(self, runs).aligned(problem.domains.names)
        rows = np.flatnonzero(found.run == self.proxy)
        if not len(rows):
            raise PhasemixError(f"the table of runs lacks {self.proxy}")
        return Choice.constant(found.mixture[rows[-1]], runs=run_names(runs), cost=self.cost(problem))


def share_of_budget(problem: Problem, share: float) -> Scale:
    """The scale of a proxy that costs so much of what the search may."""
    return Scale(problem.proxy.size, share * problem.runs * problem.proxy.tokens)
