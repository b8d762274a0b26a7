"""The step law: every run's own curve, whatever its mixture."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from phasemix.fitting.intervals import Uncertainty, uncertainty
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law
from phasemix.fitting.runs import Runs
from phasemix.fitting.step_curve import fit_step_curves, step_curve

NAMES = ("B", "beta", "C")
POSITIVE = np.array([True, False, False])


class StepLaw(Law):
    """L = B/s^β + C for each run and loss domain: BiMix at a fixed mixture, as its table 1 tests it."""

    equation = "L_i = B/s^β + C, for each run"
    source = "BiMix at a fixed mixture, arXiv 2405.14908; Data Mixing Laws' L(S) = E + A/S^α, arXiv 2403.16952"

    def check(self, runs: Runs) -> None:
        """See :meth:`Law.check`; any mixture will do."""
        if runs.step is None:
            raise InapplicableError(self.name, "needs a column step")
        if not _long(runs.rows_by_run()):
            raise InapplicableError(self.name, "has 3 parameters and needs runs with more than 3 steps; there are none")

    def fit(self, runs: Runs, seed: int = 0) -> "StepFit":  # noqa: ARG002 - its starts are fixed
        """Fit every run with more than three steps; see :meth:`Law.fit`."""
        self.check(runs)
        assert runs.step is not None
        all_runs = runs.rows_by_run()
        long = _long(all_runs)
        longest = max(map(len, long))
        rows = np.array([np.pad(one, (0, longest - len(one)), mode="edge") for one in long])
        weight = np.array([np.arange(longest) < len(one) for one in long], dtype=float)
        step = np.repeat(runs.step[rows], len(runs.targets), axis=0)
        loss = runs.loss[rows].transpose(0, 2, 1).reshape(len(step), longest)
        theta, converged = fit_step_curves(step, loss, np.repeat(weight, len(runs.targets), axis=0))
        theta = theta.reshape(len(long), len(runs.targets), len(NAMES))
        fit = StepFit(self, runs, ("step",), {}, [], theta, np.array([one[0] for one in long]))
        if len(long) < len(all_runs):
            fit.notes.append(f"{len(all_runs) - len(long)} runs have 3 steps or fewer and are left out")
        if not converged.all():
            fit.notes.append(f"{(~converged).sum()} of {len(converged)} curves did not come to rest")
        lost = fit.parameters().query("not identified")
        if len(lost):
            fit.notes.append(f"{len(lost)} parameters of {len(converged)} curves are not identified by their steps")
        return fit

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "StepFit":
        """See :meth:`Law.restore`."""
        return StepFit(self, runs, ("step",), skipped, notes, np.array(state["theta"]), np.array(state["first"]))


def _long(runs: list[np.ndarray]) -> list[np.ndarray]:
    """Those with more rows than a curve has parameters."""
    return [rows for rows in runs if len(rows) > len(NAMES)]


@dataclass
class StepFit(Fit):
    """Fitted curves: ``theta`` is ln B, β, C of shape (runs, targets, 3), ``first`` each run's first row."""

    of_any_mixture: ClassVar[bool] = False

    theta: np.ndarray
    first: np.ndarray

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`; not a number where the run was not fitted."""
        curve = self._curves_of(runs)
        value = step_curve(self.theta[curve].reshape(-1, 3), self._steps(runs))[0].reshape(len(runs), -1)
        return np.where(curve[:, None] < 0, np.nan, value)

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`."""
        curve = self._curves_of(runs)
        value, gradient = step_curve(self.theta[curve].reshape(-1, 3), self._steps(runs))
        half = np.empty(len(value))
        for number in range(len(value)):
            row, target = divmod(number, len(self.targets))
            half[number] = self._uncertainties[curve[row]][target].of_values(gradient[number], confidence)[0]
        shape = (len(runs), len(self.targets))
        middle, half = value.reshape(shape), np.where(curve[:, None] < 0, np.nan, half.reshape(shape))
        return middle - half, middle + half

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """See :meth:`Fit.parameters`."""
        rows = []
        for c, first in enumerate(self.first):
            size = None if self.runs.size is None else self.runs.size[first]
            for t, target in enumerate(self.targets):
                half, identified = self._uncertainties[c][t].of_parameters(POSITIVE, confidence)
                value, low, high = (_natural(self.theta[c, t] + d) for d in (0, -half, half))
                rows += [
                    (target, self.runs.run[first], size, None, name, value[i], low[i], high[i], identified[i])
                    for i, name in enumerate(NAMES)
                ]
        columns = ["domain", "run", "size", "step", "parameter", "value", "low", "high", "identified"]
        return pd.DataFrame(rows, columns=columns)

    def parameter_counts(self) -> np.ndarray:
        """Three for each run."""
        return np.full(len(self.targets), len(NAMES) * len(self.first))

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        return {"theta": self.theta.tolist(), "first": self.first.tolist()}

    def _steps(self, runs: Runs) -> np.ndarray:
        assert runs.step is not None
        return np.repeat(runs.step, len(self.targets))[:, None]

    def _curves_of(self, runs: Runs) -> np.ndarray:
        """Which curve each row lies on, −1 if it is not known; shape (rows,)."""
        if runs.step is None:
            raise InapplicableError(self.law.name, "needs a column step")

        def key(table: Runs, row: int) -> tuple[str, float]:
            return str(table.run[row]), float(table.scales[row, 0])

        known = {key(self.runs, first): number for number, first in enumerate(self.first)}
        found = np.array([known.get(key(runs, row), -1) for row in range(len(runs))])
        if (found < 0).all():
            problem = "says nothing of runs it was not fitted on (with more than 3 steps), as all of these are"
            raise InapplicableError(self.law.name, problem)
        return found

    @cached_property
    def _uncertainties(self) -> list[list[Uncertainty]]:
        """How sure every curve of every target is."""
        assert self.runs.step is not None
        by_run, found = self.runs.rows_by_run(), []
        for c, first in enumerate(self.first):
            rows = by_run[self.runs.run_numbers[first]]
            step = np.broadcast_to(self.runs.step[rows], (len(self.targets), len(rows)))
            value, gradient = step_curve(self.theta[c], step)
            residual, alone = value - self.runs.loss[rows].T, np.arange(len(rows))  # within a run rows are independent
            found.append([uncertainty(gradient[t], residual[t], alone) for t in range(len(self.targets))])
        return found


def _natural(theta: np.ndarray) -> np.ndarray:
    return np.array([np.exp(np.clip(theta[0], -700, 700)), *theta[1:]])


LAW = StepLaw()
