"""AutoScale: the best amounts of every domain at two small scales, extrapolated to the target's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.search.amounts import Amounts, best_amounts, extrapolated, fit_amounts
from phasemix.search.mixer import Choice, Mixer, Trial, require_runs, run_names
from phasemix.search.problem import Problem, Scale

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs

FACTOR = 3.0  # by which the data of a domain are raised and lowered
SCALES = {"small": 0.5, "large": 1.0}  # of the proxy's tokens


class AutoScale(Mixer):
    """Direct data optimisation at two scales, and N₃ = N₂²/N₁ of every domain from there on.

    At each scale there is a run on equal amounts and, of every domain, one with three times its amount and one with a
    third, the others as they are; through these three goes the law ℓ + (N₀ + N)^−γ of the objective.
    """

    needs = "2 + 4k small runs for k domains"
    costs = "all of them, half of them half as long"
    assumes = "that domains do not interact, and that their best amounts grow exponentially with the scale"
    source = "AutoScale, arXiv 2407.20177, algorithms 1 and 2"

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """One round: the runs of both scales."""
        found = [
            Trial(name, Scale(problem.proxy.size, float(amounts.sum()))) for name, amounts in _amounts(problem).items()
        ]
        if problem.target.tokens < problem.proxy.tokens:
            raise PhasemixError(
                f"autoscale extrapolates to longer runs: the target reads {problem.target.tokens:g} tokens, and small"
                f" runs {problem.proxy.tokens:g}"
            )
        cost, allowed = sum(trial.scale.cost for trial in found), problem.runs * problem.proxy.cost
        if cost > allowed * (1 + 1e-9):
            needed = int(np.ceil(cost / problem.proxy.cost))
            raise PhasemixError(f"autoscale needs runs that cost {needed} small runs, and {problem.runs} are allowed")
        return [found]

    def mixtures(self, problem: Problem, number: int, runs: Runs | None) -> np.ndarray:  # noqa: ARG002 (others need it)
        """Amounts over their sums."""
        amounts = np.array(list(_amounts(problem).values()))
        return amounts / amounts.sum(axis=1, keepdims=True)

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """The amounts that are best at both scales, extrapolated until they are the target's tokens."""
        found = require_runs(self, runs)
        objective = found.loss @ problem.weights_of(found.targets)
        value = {str(name): float(objective[row]) for row, name in enumerate(found.run)}
        best = [self._best(problem, name, share, value) for name, share in SCALES.items()]
        amounts = extrapolated(best[0], best[1], problem.target.tokens)
        return Choice.constant(amounts / amounts.sum(), runs=run_names(runs), cost=self.cost(problem))

    @staticmethod
    def _best(problem: Problem, name: str, share: float, value: dict[str, float]) -> np.ndarray:
        """The best amounts at a scale, shape (k,)."""
        tokens = share * problem.proxy.tokens
        laws: list[Amounts] = []
        for domain in problem.domains.names:
            wanted = [f"autoscale-{name}-{run}" for run in (f"{domain}-less", "equal", f"{domain}-more")]
            if lost := [run for run in wanted if run not in value]:
                raise PhasemixError(f"the table of runs lacks {', '.join(lost)}")
            laws.append(fit_amounts([1 / FACTOR, 1.0, FACTOR], [value[run] for run in wanted]))
        return best_amounts(laws, len(laws)) * tokens / len(laws)


def _amounts(problem: Problem) -> dict[str, np.ndarray]:
    """The tokens of every domain in all runs, shape (k,), by the run's name."""
    count, found = len(problem.domains), {}
    for scale, share in SCALES.items():
        each = share * problem.proxy.tokens / count
        found[f"autoscale-{scale}-equal"] = np.full(count, each)
        for i, domain in enumerate(problem.domains.names):
            for name, factor in (("less", 1 / FACTOR), ("more", FACTOR)):
                found[f"autoscale-{scale}-{domain}-{name}"] = np.where(np.arange(count) == i, factor, 1.0) * each
    return found


MIXER = AutoScale
