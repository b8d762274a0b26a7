"""Small runs on every domain alone, and what they say of how domains help each other."""

from collections.abc import Mapping

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.fitting.runs import Runs
from phasemix.search.mixer import Trial
from phasemix.search.problem import Problem, Scale

ALONE = "alone"


def single_domain_trials(problem: Problem) -> list[Trial]:
    """A run on every domain alone; together they cost what the search may, or a proxy's run each if that is less."""
    scale = Scale(problem.proxy.size, problem.proxy.tokens * min(1.0, problem.runs / len(problem.domains)))
    return [Trial(f"{ALONE}-{domain}", scale) for domain in problem.domains.names]


def single_domain_mixtures(problem: Problem) -> np.ndarray:
    """Their mixtures, shape (k, k)."""
    return np.eye(len(problem.domains))


def helps(problem: Problem, runs: Runs) -> np.ndarray:
    """By how much training on domain j alone lowers loss i, shape (targets, k), as a share of what the worst run has.

    0 is what the domain that helps least does.

    Raises:
        PhasemixError: the run of a domain is missing.
    """
    names = [trial.name for trial in single_domain_trials(problem)]
    last = {str(name): row for row, name in enumerate(runs.run)}  # of a run's rows the last one stands
    if lost := [name for name in names if name not in last]:
        raise PhasemixError(f"the table of runs lacks {', '.join(lost)}")
    losses = runs.loss[[last[name] for name in names]].T
    worst = losses.max(axis=1, keepdims=True)
    return np.asarray((worst - losses) / worst)


def weights_of(problem: Problem, targets: tuple[str, ...]) -> np.ndarray:
    """The weights of loss domains in the objective, shape (targets,), which sum to 1.

    Raises:
        PhasemixError: the weights name no loss domain that was measured.
    """
    given: Mapping[str, float] = problem.weights or dict.fromkeys(targets, 1.0)
    found = np.array([given.get(target, 0.0) for target in targets])
    if found.sum() <= 0:
        raise PhasemixError(f"no loss domain has a weight: the runs have {', '.join(targets)}")
    return np.asarray(found / found.sum())
