"""Small runs on every domain alone, and what they say of how domains help each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.search.mixer import Mixer, Trial
from phasemix.search.problem import Problem, Scale

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs

ALONE = "alone"


class SingleDomains(Mixer):
    """A mixer that asks for a run on every domain alone, which all such mixers share."""

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """One round; its runs cost what the search may, or a proxy's run each if that is less."""
        scale = Scale(problem.proxy.size, problem.proxy.tokens * min(1.0, problem.runs / len(problem.domains)))
        return [[Trial(name, scale) for name in _names(problem)]]

    def mixtures(self, problem: Problem, number: int, runs: Runs | None) -> np.ndarray:  # noqa: ARG002 (others need it)
        """Every domain alone."""
        return np.eye(len(problem.domains))


def helps(problem: Problem, runs: Runs) -> np.ndarray:
    """By how much training on domain j alone lowers loss i, shape (targets, k), as a share of what the worst run has.

    0 is what the domain that helps least does.

    Raises:
        PhasemixError: the run of a domain is missing.
    """
    names = _names(problem)
    last = {str(name): row for row, name in enumerate(runs.run)}  # of a run's rows the last one stands
    if lost := [name for name in names if name not in last]:
        raise PhasemixError(f"the table of runs lacks {', '.join(lost)}")
    losses = runs.loss[[last[name] for name in names]].T
    worst = losses.max(axis=1, keepdims=True)
    return np.asarray((worst - losses) / worst)


def _names(problem: Problem) -> list[str]:
    """The names of the runs, in the order of the domains."""
    return [f"{ALONE}-{domain}" for domain in problem.domains.names]
