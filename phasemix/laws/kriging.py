"""Kriging: the transfer law, and a Gaussian process for what it leaves.

phasemix's own. ln L = ln L_transfer + z with z a Gaussian process over the square roots of the
proportions, ln s and ln N, of covariance

    σ₁²·M(d)·(1 + Σ_x ς_x x·x′) + σ₂²·M(d + Σ_x μ_x (x − x′)²) + G Σ Gᵀ + noise,

d = Σ_j λ_j (√r_j − √r_j′)², M Matérn's covariance of order 5/2, x running over the standardised ln s
and ln N that vary. The first term lets a mixture differ from the transfer law by a power of steps and
size, the second by anything smooth; the third is the transfer law's own uncertainty: G its gradient, Σ
its covariance. Square roots, because mixtures with a little of a domain differ much from those
with none. λ, σ, ς, μ and the noise maximise the posterior probability under log-normal priors around 1.

Hyperparameters are found on at most ``LEARNT_ROWS`` rows and the process is conditioned on at most
``KRIGED_ROWS``, drawn at random; the transfer law is fitted on all. Evidence: as for ``transfer``.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize
from scipy.stats import norm

from phasemix.base.seeds import named_seed
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law
from phasemix.fitting.parametric import ParametricFit
from phasemix.fitting.runs import Runs
from phasemix.laws.transfer import Transfer

LEARNT_ROWS = 400
KRIGED_ROWS = 2000
PRIOR_PRECISION = 0.04  # of the logarithms of all hyperparameters
BOUNDS = (-9.0, 6.0)  # of the same
LEAST_NOISE = -12.0
NOTHING_LEFT = 1e-10  # a relative residual this small is no noise to krige


class Kriging(Law):
    """ln L = ln L_transfer + a Gaussian process; see the module."""

    equation = "ln L_i = ln L_transfer + z, z a Gaussian process over √r, ln s, ln N"
    source = "phasemix; universal kriging on the transfer law"

    def fit(self, runs: Runs, seed: int = 0) -> "KrigingFit":
        """See :meth:`Law.fit`."""
        try:
            drift = Transfer().fit(runs, seed)
        except InapplicableError as error:
            raise InapplicableError(self.name, error.reason) from None
        order = np.random.default_rng(named_seed(seed, self.name, "rows")).permutation(len(runs))
        fit = KrigingFit(self, drift.runs, dict(drift.skipped), list(drift.notes), drift, np.sort(order[:KRIGED_ROWS]))
        learnt = np.sort(order[:LEARNT_ROWS])
        fit.hyper = np.stack([fit.learn(i, learnt) for i in range(len(fit.targets))])
        if len(runs) > KRIGED_ROWS:
            fit.notes.append(f"the process is conditioned on {KRIGED_ROWS} of {len(runs)} rows")
        return fit

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "KrigingFit":
        """See :meth:`Law.restore`."""
        drift = Transfer().restore(runs, state["drift"], skipped, [])
        return KrigingFit(self, runs, skipped, notes, drift, np.array(state["rows"]), np.array(state["hyper"]))


@dataclass(frozen=True)
class Sites:
    """Where the process is looked at: √r (n, m), standardised axes (n, a), drift's uncertainty (n, q)."""

    roots: np.ndarray
    axes: np.ndarray
    drift: np.ndarray


@dataclass
class KrigingFit(Fit):
    """A fitted process; ``hyper`` has shape (targets, h): logarithms of λ, σ₁², noise, then σ₂², ς and μ."""

    drift: ParametricFit = field(default_factory=lambda: ParametricFit(Transfer(), _none()))
    conditioned: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    hyper: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def axes(self) -> tuple[str, ...]:
        """See :attr:`Fit.axes`."""
        return self.drift.axes

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        return np.exp(self._posterior(runs, spread=False)[0])

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`: the posterior's, of the mean loss without noise."""
        middle, spread = self._posterior(runs, spread=True)
        half = norm.ppf((1 + confidence) / 2) * spread
        return np.exp(middle - half), np.exp(middle + half)

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """The transfer law's, then the hyperparameters (without intervals); see :meth:`Fit.parameters`."""
        tables = [self.drift.parameters(confidence)]
        for i, target in enumerate(self.targets):
            columns = {"parameter": self._names, "value": np.exp(self.hyper[i]), "low": np.nan, "high": np.nan}
            tables.append(
                pd.DataFrame({"domain": target, "run": None, "size": None, "step": None, **columns, "identified": True})
            )
        return pd.concat(tables, ignore_index=True)

    def parameter_counts(self) -> np.ndarray:
        """The transfer law's numbers and the hyperparameters."""
        return self.drift.parameter_counts() + self.hyper.shape[1]

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        return {"drift": self.drift.state, "rows": self.conditioned.tolist(), "hyper": self.hyper.tolist()}

    def learn(self, target: int, rows: np.ndarray) -> np.ndarray:
        """The most probable hyperparameters of a target, given some rows."""
        runs = self.runs.rows(rows)
        left, scale = self._left(target, rows)
        sites = self._sites(runs, target, scale)
        start = np.zeros(len(self._names))
        start[len(self.runs.domains) + 1] = -2.0
        if scale <= NOTHING_LEFT:
            return start
        bounds = [BOUNDS] * len(start)
        bounds[len(self.runs.domains) + 1] = (LEAST_NOISE, 1.0)
        found = minimize(
            negative_log_posterior, start, (sites, left), jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxiter": 60},
        )  # fmt: skip
        return np.asarray(found.x)

    @property
    def _names(self) -> list[str]:
        axes = self.drift.axes
        names = [*(f"lambda[{name}]" for name in self.runs.domains), "sigma1^2", "noise^2"]
        return names + ["sigma2^2", *(f"slope[{axis}]" for axis in axes), *(f"mu[{axis}]" for axis in axes)] * bool(
            axes
        )

    def _left(self, target: int, rows: np.ndarray) -> tuple[np.ndarray, float]:
        """What the transfer law leaves of ln L at training rows, divided by its root mean square, and that."""
        left = np.log(self.runs.loss[rows, target] / self._drift_at_training[rows, target])
        scale = float(np.sqrt(np.mean(np.square(left))))
        return left / max(scale, NOTHING_LEFT), max(scale, NOTHING_LEFT)

    @cached_property
    def _drift_at_training(self) -> np.ndarray:
        return self.drift.predict(self.runs)

    @cached_property
    def _drift_roots(self) -> list[np.ndarray]:
        return [root for _, (root, _) in self.drift.covariance_roots()]

    def _sites(self, runs: Runs, target: int, scale: float) -> Sites:
        inputs = self.drift.inputs(runs)
        value, gradient = self.drift.law.values(self.drift.theta[[target]], inputs, self.drift.formula)
        axes = [
            (np.log(getattr(runs, axis)) - np.log(getattr(self.runs, axis)).mean())
            / np.log(getattr(self.runs, axis)).std()
            for axis in self.drift.axes
        ]
        relative = gradient[0] / value[0][:, None] / scale
        columns = np.stack(axes, axis=1) if axes else np.empty((len(runs), 0))
        return Sites(np.sqrt(inputs.mixture), columns, relative @ self._drift_roots[target])

    @cached_property
    def _conditions(self) -> list[tuple[Sites, float, np.ndarray, np.ndarray]]:
        """Of every target the sites conditioned on, their scale, the factor of their covariance, the weights."""
        found = []
        for i in range(len(self.targets)):
            left, scale = self._left(i, self.conditioned)
            seen = self._sites(self.runs.rows(self.conditioned), i, scale)
            hyper = np.exp(self.hyper[i])
            noisy = covariance(hyper, seen, seen) + hyper[len(self.runs.domains) + 1] * np.eye(len(left))
            factor = cho_factor(noisy, lower=True)
            found.append((seen, scale, factor[0], cho_solve(factor, left)))
        return found

    def _posterior(self, runs: Runs, *, spread: bool) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of ln L, shapes (rows, targets); the second empty unless asked for."""
        runs = runs.aligned(self.runs.domains)
        middle = np.log(self.drift.predict(runs))
        deviation = np.zeros_like(middle) if spread else np.empty(0)
        for i, (seen, scale, factor, weights) in enumerate(self._conditions):
            asked = self._sites(runs, i, scale)
            hyper = np.exp(self.hyper[i])
            cross = covariance(hyper, asked, seen)
            middle[:, i] += scale * (cross @ weights)
            if spread:
                explained = np.square(solve_triangular(factor, cross.T, lower=True)).sum(axis=0)
                deviation[:, i] = scale * np.sqrt(np.maximum(prior_variance(hyper, asked) - explained, 0))
        return middle, deviation


def covariance(hyper: np.ndarray, one: Sites, other: Sites) -> np.ndarray:
    """The process' covariance without noise between sites, shape (n, n′)."""
    m, a = one.roots.shape[1], one.axes.shape[1]
    d = _squared_distances(one.roots, other.roots, hyper[:m])
    found = hyper[m] * _matern(d) + one.drift @ other.drift.T
    if a:
        slopes, mu = hyper[m + 3 : m + 3 + a], hyper[m + 3 + a :]
        found += hyper[m] * _matern(d) * ((one.axes * slopes) @ other.axes.T)
        found += hyper[m + 2] * _matern(d + _squared_distances(one.axes, other.axes, mu))
    return found


def prior_variance(hyper: np.ndarray, sites: Sites) -> np.ndarray:
    """The diagonal of :func:`covariance` at sites, shape (n,)."""
    m, a = sites.roots.shape[1], sites.axes.shape[1]
    found = hyper[m] + np.square(sites.drift).sum(axis=1)
    if a:
        found = found + hyper[m] * (np.square(sites.axes) @ hyper[m + 3 : m + 3 + a]) + hyper[m + 2]
    return found


def negative_log_posterior(log_hyper: np.ndarray, sites: Sites, left: np.ndarray) -> tuple[float, np.ndarray]:
    """Of the hyperparameters' logarithms, given residuals (n,) at sites; with its gradient (h,)."""
    hyper = np.exp(log_hyper)
    n, m, a = len(left), sites.roots.shape[1], sites.axes.shape[1]
    d = _squared_distances(sites.roots, sites.roots, hyper[:m])
    rough, rough_slope = _matern(d), _matern_slope(d)
    sloped = np.ones((n, n))
    if a:
        sloped += (sites.axes * hyper[m + 3 : m + 3 + a]) @ sites.axes.T
        wide = d + _squared_distances(sites.axes, sites.axes, hyper[m + 3 + a :])
    k = hyper[m] * rough * sloped + sites.drift @ sites.drift.T + hyper[m + 1] * np.eye(n)
    if a:
        k += hyper[m + 2] * _matern(wide)
    factor = cho_factor(k, lower=True)
    weights = cho_solve(factor, left)
    value = 0.5 * left @ weights + np.log(np.diag(factor[0])).sum() + 0.5 * PRIOR_PRECISION * log_hyper @ log_hyper
    g = 0.5 * (cho_solve(factor, np.eye(n)) - np.outer(weights, weights))
    by_d = g * hyper[m] * rough_slope * sloped
    slope = np.empty_like(log_hyper)
    slope[m], slope[m + 1] = hyper[m] * (g * rough * sloped).sum(), hyper[m + 1] * np.trace(g)
    if a:
        by_wide = g * hyper[m + 2] * _matern_slope(wide)
        by_d = by_d + by_wide
        slope[m + 2] = hyper[m + 2] * (g * _matern(wide)).sum()
        tilted = (g * hyper[m] * rough) @ sites.axes
        slope[m + 3 : m + 3 + a] = hyper[m + 3 : m + 3 + a] * (tilted * sites.axes).sum(axis=0)
        slope[m + 3 + a :] = hyper[m + 3 + a :] * _weighted_squares(by_wide, sites.axes)
    slope[:m] = hyper[:m] * _weighted_squares(by_d, sites.roots)
    return float(value), slope + PRIOR_PRECISION * log_hyper


def _squared_distances(one: np.ndarray, other: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Σ_k scale_k (one_ik − other_jk)², shape (n, n′)."""
    one, other = one * np.sqrt(scale), other * np.sqrt(scale)
    squares = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1) - 2 * one @ other.T
    return np.maximum(squares, 0)


def _weighted_squares(weight: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Σ_ij w_ij (p_ik − p_jk)² for a symmetric weight, shape (k,)."""
    return 2 * (np.square(points).T @ weight.sum(axis=1) - ((weight @ points) * points).sum(axis=0))


def _matern(d: np.ndarray) -> np.ndarray:
    """Matérn's covariance of order 5/2 of squared distances."""
    a = np.sqrt(5 * d)
    return (1 + a + a**2 / 3) * np.exp(-a)


def _matern_slope(d: np.ndarray) -> np.ndarray:
    """Its derivative by the squared distance."""
    a = np.sqrt(5 * d)
    return -5 / 6 * (1 + a) * np.exp(-a)


def _none() -> Runs:
    return Runs(np.empty(0, object), (), np.empty((0, 0)), (), np.empty((0, 0)))


LAW = Kriging()
