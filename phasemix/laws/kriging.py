"""Kriging: the transfer law, and a Gaussian process for what it leaves.

phasemix's own. ln L = ln L_transfer + z, z being a Gaussian process over the square roots of the
proportions, ln s and ln N (:mod:`phasemix.fitting.gaussian_process`). Its covariance has three terms:
one lets a mixture differ from the transfer law by a power of steps and size, one by anything smooth,
and one is the transfer law's own uncertainty, of which the rows tell no more once it is fitted to them.
Square roots, because mixtures with a little of a domain differ much from those with none. What is left
of a run in all its rows alike is its own noise, which no prediction holds.

Hyperparameters are learnt on at most ``LEARNT_ROWS`` rows and the process is conditioned on at most
``KRIGED_ROWS``, both drawn at random, a few of every run; the transfer law is fitted on all. Evidence: as for
``transfer``.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import stdtrit

from phasemix.base.seeds import named_seed
from phasemix.fitting.few_rows import few_of_each_run
from phasemix.fitting.gaussian_process import Sites, covariance, most_probable, noise, prior_variance, unlearnt
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law, parameter_table
from phasemix.fitting.parametric_fit import ParametricFit
from phasemix.fitting.runs import Runs
from phasemix.laws.transfer import Transfer

LEARNT_ROWS = 400
KRIGED_ROWS = 2000
NOTHING_LEFT = 1e-10  # a relative residual this small is no noise to krige


class Kriging(Law):
    """ln L = ln L_transfer + a Gaussian process; see the module."""

    equation = "ln L_i = ln L_transfer + z, z a Gaussian process over √r, ln s, ln N"
    source = "phasemix; universal kriging on the transfer law"

    def check(self, runs: Runs) -> None:
        """See :meth:`Law.check`; those that are enough for the transfer law are."""
        try:
            Transfer().check(runs)
        except InapplicableError as error:
            raise InapplicableError(self.name, error.reason) from None

    def fit(self, runs: Runs, seed: int = 0) -> "KrigingFit":
        """See :meth:`Law.fit`."""
        self.check(runs)
        drift = Transfer().fit(runs, seed)
        order = few_of_each_run(runs, np.random.default_rng(named_seed(seed, self.name, "rows")))
        learnt, kriged = np.sort(order[:LEARNT_ROWS]), np.sort(order[:KRIGED_ROWS])
        remainder = Remainder(drift)
        hyper = np.stack([remainder.learn(i, learnt) for i in range(len(drift.targets))])
        notes = list(drift.notes)
        if len(runs) > KRIGED_ROWS:
            notes.append(f"the process is conditioned on {KRIGED_ROWS} of {len(runs)} rows")
        return KrigingFit(self, drift.runs, drift.axes, dict(drift.skipped), notes, drift, kriged, hyper)

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "KrigingFit":
        """See :meth:`Law.restore`."""
        drift = Transfer().restore(runs, state["drift"], skipped, [])
        return KrigingFit(
            self, runs, drift.axes, skipped, notes, drift, np.array(state["rows"]), np.array(state["hyper"])
        )


class Remainder:
    """What the transfer law leaves of ln L, and the sites it is left at."""

    def __init__(self, drift: ParametricFit) -> None:
        self.drift = drift

    def of(self, target: int, rows: np.ndarray) -> tuple[np.ndarray, float]:
        """What is left at training rows (n,), divided by its root mean square, and that."""
        left = np.log(self.drift.runs.loss[rows, target] / self._drift_at_training[rows, target])
        scale = float(np.sqrt(np.mean(np.square(left))))
        return left / max(scale, NOTHING_LEFT), max(scale, NOTHING_LEFT)

    def sites(self, runs: Runs, target: int, scale: float) -> Sites:
        """The sites of runs, for what is left in units of ``scale``."""
        inputs, fitted = self.drift.inputs(runs), self.drift.runs
        value, gradient = self.drift.law.values(self.drift.theta[[target]], inputs, self.drift.formula)
        axes = [
            (np.log(getattr(runs, axis)) - np.log(getattr(fitted, axis)).mean()) / np.log(getattr(fitted, axis)).std()
            for axis in self.drift.axes
        ]
        relative = gradient[0] / value[0][:, None] / scale
        columns = np.stack(axes, axis=1) if axes else np.empty((len(runs), 0))
        drift = relative @ self.drift.uncertainties[target].root
        return Sites(np.sqrt(inputs.mixture), columns, drift, runs.run_numbers)

    def learn(self, target: int, rows: np.ndarray) -> np.ndarray:
        """The most probable hyperparameters of a target, given some training rows."""
        left, scale = self.of(target, rows)
        if scale <= NOTHING_LEFT:
            return unlearnt(len(self.drift.runs.domains), len(self.drift.axes))
        return most_probable(self.sites(self.drift.runs.rows(rows), target, scale), left)

    @cached_property
    def _drift_at_training(self) -> np.ndarray:
        return self.drift.predict(self.drift.runs)


@dataclass
class KrigingFit(Fit):
    """A fitted process.

    Attributes:
        drift: the transfer law's fit.
        conditioned: the rows that the process is conditioned on.
        hyper: logarithms of the hyperparameters, shape (targets, h).
    """

    drift: ParametricFit
    conditioned: np.ndarray
    hyper: np.ndarray

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        return np.exp(self._posterior(runs, spread=False)[0])

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`: the posterior's, of the mean loss; Student's, as the transfer law's."""
        middle, spread = self._posterior(runs, spread=True)
        freedom = np.array([sure.freedom for sure in self.drift.uncertainties])
        half = stdtrit(freedom, (1 + confidence) / 2) * spread
        return np.exp(middle - half), np.exp(middle + half)

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """The transfer law's, then the hyperparameters (without intervals); see :meth:`Fit.parameters`."""
        tables = [self.drift.parameters(confidence)]
        for i, target in enumerate(self.targets):
            columns = {"parameter": self._names, "value": np.exp(self.hyper[i]), "low": np.nan, "high": np.nan}
            tables.append(parameter_table(domain=target, **columns, identified=True))
        return pd.concat(tables, ignore_index=True)

    def parameter_counts(self) -> np.ndarray:
        """The transfer law's numbers and the hyperparameters."""
        return self.drift.parameter_counts() + self.hyper.shape[1]

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        return {"drift": self.drift.state, "rows": self.conditioned.tolist(), "hyper": self.hyper.tolist()}

    @property
    def _names(self) -> list[str]:
        names = [*(f"lambda[{name}]" for name in self.runs.domains), "sigma1^2", "noise^2", "run^2"]
        if self.axes:
            names += ["sigma2^2", *(f"slope[{axis}]" for axis in self.axes), *(f"mu[{axis}]" for axis in self.axes)]
        return names

    @cached_property
    def _remainder(self) -> Remainder:
        return Remainder(self.drift)

    @cached_property
    def _conditions(self) -> list[tuple[Sites, float, np.ndarray, np.ndarray]]:
        """Of every target the sites conditioned on, their scale, the factor of their covariance, the weights."""
        found = []
        for i in range(len(self.targets)):
            left, scale = self._remainder.of(i, self.conditioned)
            seen = self._remainder.sites(self.runs.rows(self.conditioned), i, scale)
            hyper = np.exp(self.hyper[i])
            factor = cho_factor(covariance(hyper, seen, seen) + noise(hyper, seen), lower=True)
            found.append((seen, scale, factor[0], cho_solve(factor, left)))
        return found

    def _posterior(self, runs: Runs, *, spread: bool) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of ln L, shapes (rows, targets); the second empty unless asked for."""
        runs = runs.aligned(self.runs.domains)
        middle = np.log(self.drift.predict(runs))
        deviation = np.zeros_like(middle) if spread else np.empty(0)
        for i, (seen, scale, factor, weights) in enumerate(self._conditions):
            asked = self._remainder.sites(runs, i, scale)
            hyper = np.exp(self.hyper[i])
            cross = covariance(hyper, asked, seen)
            middle[:, i] += scale * (cross @ weights)
            if spread:
                own = cross - asked.drift @ seen.drift.T  # the drift was fitted on these rows: they tell no more of it
                explained = np.square(solve_triangular(factor, own.T, lower=True)).sum(axis=0)
                deviation[:, i] = scale * np.sqrt(np.maximum(prior_variance(hyper, asked) - explained, 0))
        return middle, deviation


LAW = Kriging()
