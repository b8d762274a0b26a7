"""What the mixers share that fit a mixing law on small runs and take its optimum."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from phasemix.laws import load_law
from phasemix.search.mixer import Choice, Mixer, Trial, require_runs, run_names
from phasemix.search.problem import Problem, Scale
from phasemix.search.simplex_design import simplex_design

if TYPE_CHECKING:
    from phasemix.fitting.law import Fit, Law
    from phasemix.fitting.objective import Objective
    from phasemix.fitting.runs import Runs

CORNER, LEAST = 0.7, 0.005  # of a domain in its corner, and of every domain
SWARM = "swarm"
MANY_STEPS = 20  # at which losses of a run are measured


class LawMixer(Mixer):
    """Fits a law on mixtures that fill the simplex, and takes its best mixture at the target's scale within caps.

    Where the law knows no sizes, or all runs have one, the mixture that is best for the proxies is taken.

    Attributes:
        law: class attribute; the law's name.
        kl: class attribute; λ of λ·KL(mixture ‖ natural), which keeps the mixture near the domains' own proportions.
    """

    law: ClassVar[str]
    kl: ClassVar[float] = 0.0
    any_runs = True
    costs = "all small runs"

    @property
    def needs(self) -> str:  # type: ignore[override]  # of every law
        """What every law needs."""
        return "small runs on mixtures that fill the simplex"

    @property
    def source(self) -> str:  # type: ignore[override]  # of every law
        """Who published the law."""
        return load_law(self.law).source

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """One round at the proxy's scale, which all mixers that fit laws share."""
        return [[Trial(f"{SWARM}-{name}", problem.proxy) for name in swarm(problem)]]

    def mixtures(self, problem: Problem, number: int, runs: Runs | None) -> np.ndarray:  # noqa: ARG002 (others need it)
        """The mixtures of the swarm."""
        return np.array(list(swarm(problem).values()))

    def advice(self, problem: Problem) -> list[str]:
        """What the law needs beside the last losses of all runs, if these are not enough for it."""
        law = load_law(self.law)
        lack = _lack(law, problem, 1)
        if lack is None:
            return []
        enough = next((steps for steps in range(2, MANY_STEPS + 1) if _lack(law, problem, steps) is None), None)
        remedy = f"; measure losses at {enough} or more steps of every run" if enough else ""
        return [f"the last losses of the runs are not enough: {lack}{remedy}"]

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """The law's best mixture, with the losses that it predicts of it."""
        fit = load_law(self.law).fit(require_runs(self, runs), problem.seed)
        objective, notes = self.objective(problem, fit)
        mixture, certificate = self.best(problem, fit, objective)
        equal = np.full_like(mixture, 1 / len(mixture))
        losses, of_equal = fit.predict(objective.at(np.stack([mixture, equal]))).tolist()
        by_name = dict(zip(fit.runs.domains, mixture, strict=True))
        told = (f"optimum: {certificate}", *notes, *fit.notes)
        return Choice.constant(
            np.array([by_name[name] for name in problem.domains.names]),
            losses=dict(zip(fit.targets, losses, strict=True)),
            of_equal=dict(zip(fit.targets, of_equal, strict=True)),
            predicted_at=Scale(
                (problem.target if "size" in fit.axes else problem.proxy).size,
                (problem.target if "step" in fit.axes else problem.proxy).tokens,
            ),
            runs=run_names(runs),
            cost=len(run_names(runs)) * problem.proxy.cost,
            notes=told,
        )

    def best(self, problem: Problem, fit: Fit, objective: Objective) -> tuple[np.ndarray, str]:  # noqa: ARG002
        """The best mixture (k,) in the law's order of domains, and in words what is known of its being the best."""
        from phasemix.fitting.optimum_search import best_mixture  # noqa: PLC0415 (configurations load mixers)

        return best_mixture(objective, problem.seed)

    def objective(self, problem: Problem, fit: Fit) -> tuple[Objective, list[str]]:
        """What the mixture minimises, and notes on where it is asked."""
        from phasemix.fitting.objective import Objective  # noqa: PLC0415 (configurations load mixers)

        notes, at = [], {}
        for axis, wish in (("size", problem.target.size), ("step", problem.target.tokens)):
            at[axis] = wish if axis in fit.axes else None
            if axis not in fit.axes:
                notes.append(f"the law says nothing of another {axis}: the mixture is that which is best for the runs")
        weights = problem.weights_of(fit.targets)
        domains = fit.runs.domains
        order = [problem.domains.names.index(name) for name in domains]
        caps = problem.caps[order]
        least = np.zeros(len(domains))
        for name, floor, weight in zip(fit.targets, fit.least_proportions, weights, strict=True):
            if floor and weight:
                least[domains.index(name)] = floor
        return (
            Objective(
                fit,
                weights,
                at["step"],
                at["size"],
                caps,
                np.minimum(least, caps),
                problem.domains.prior[order],
                self.kl,
            ),
            notes,
        )


def _lack(law: Law, problem: Problem, steps: int) -> str | None:
    """Why a law cannot be fitted on the swarm if losses are measured at so many steps of every run; None if it can."""
    from phasemix.fitting.law import InapplicableError  # noqa: PLC0415 (configurations load mixers)
    from phasemix.fitting.runs import Runs  # noqa: PLC0415 (the same)

    mixtures, domains = swarm(problem), problem.domains.names
    mixture = np.repeat(list(mixtures.values()), steps, axis=0)
    step = np.tile(np.arange(1.0, steps + 1), len(mixtures))
    try:  # whatever the losses are
        law.check(Runs(np.repeat(list(mixtures), steps), domains, mixture, domains, np.ones_like(mixture), step=step))
    except InapplicableError as error:
        return str(error)
    return None


def swarm(problem: Problem) -> dict[str, list[float]]:
    """The mixtures of the shared round by name."""
    return simplex_design(list(problem.domains.names), problem.runs, CORNER, LEAST)
