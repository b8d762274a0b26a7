"""The Gaussian process of kriging: its covariance, and how its hyperparameters are learnt.

The covariance between two sites is

    σ₁²·M(d)·(1 + Σ_x ς_x x·x′) + σ₂²·M(d + Σ_x μ_x (x − x′)²) + G Σ Gᵀ + noise + run,

d = Σ_j λ_j (√r_j − √r_j′)², M Matérn's covariance of order 5/2, x running over the standardised ln s
and ln N that vary. G is the gradient of the drift (the law that the process corrects), Σ the covariance
of its parameters. The noise is each row's own, and what is left of a run is common to all its rows and to no
others'. Without ln s and ln N there is no second term.

Hyperparameters stand in this order: λ of every domain, σ₁², the variance of the noise and that of the runs, then
σ₂², ς, μ. They maximise the posterior probability under log-normal priors around 1.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

PRIOR_PRECISION = 0.04  # of the logarithms of all hyperparameters
BOUNDS, NOISE_BOUNDS = (-9.0, 6.0), (-12.0, 1.0)  # of the same
START_NOISE = -2.0


@dataclass(frozen=True)
class Sites:
    """Where the process is looked at.

    Attributes:
        roots: √r, shape (n, m).
        axes: standardised ln s and ln N, as far as they vary, shape (n, a).
        drift: G times a square root of Σ, shape (n, q).
        runs: the number of each row's run, shape (n,).
    """

    roots: np.ndarray
    axes: np.ndarray
    drift: np.ndarray
    runs: np.ndarray

    @property
    def same_run(self) -> np.ndarray:
        """Whether two rows are of one run, shape (n, n)."""
        return self.runs[:, None] == self.runs


def covariance(hyper: np.ndarray, one: Sites, other: Sites) -> np.ndarray:
    """The process' covariance between sites, without noise and what is left of runs, shape (n, n′)."""
    m, a = one.roots.shape[1], one.axes.shape[1]
    d = _squared_distances(one.roots, other.roots, hyper[:m])
    found = hyper[m] * _matern(d) + one.drift @ other.drift.T
    if a:
        slopes, mu = hyper[m + 4 : m + 4 + a], hyper[m + 4 + a :]
        found += hyper[m] * _matern(d) * ((one.axes * slopes) @ other.axes.T)
        found += hyper[m + 3] * _matern(d + _squared_distances(one.axes, other.axes, mu))
    return found


def noise(hyper: np.ndarray, sites: Sites) -> np.ndarray:
    """The covariance of what rows hold beside the process: noise, and what is left of their runs; shape (n, n)."""
    m = sites.roots.shape[1]
    return np.asarray(hyper[m + 1] * np.eye(len(sites.runs)) + hyper[m + 2] * sites.same_run)


def prior_variance(hyper: np.ndarray, sites: Sites) -> np.ndarray:
    """The diagonal of :func:`covariance` at sites, shape (n,)."""
    m, a = sites.roots.shape[1], sites.axes.shape[1]
    found = hyper[m] + np.square(sites.drift).sum(axis=1)
    if a:
        found = found + hyper[m] * (np.square(sites.axes) @ hyper[m + 4 : m + 4 + a]) + hyper[m + 3]
    return found


def most_probable(sites: Sites, left: np.ndarray) -> np.ndarray:
    """The most probable hyperparameters' logarithms (h,), given residuals (n,) at sites."""
    m = sites.roots.shape[1]
    start = unlearnt(m, sites.axes.shape[1])
    bounds = [BOUNDS] * len(start)
    bounds[m + 1] = bounds[m + 2] = NOISE_BOUNDS
    if len(np.unique(sites.runs)) == len(sites.runs):  # with one row each, a run's rest is nothing but noise
        start[m + 2], bounds[m + 2] = NOISE_BOUNDS[0], (NOISE_BOUNDS[0], NOISE_BOUNDS[0])
    found = minimize(
        negative_log_posterior, start, (sites, left), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 60},
    )  # fmt: skip
    return np.asarray(found.x)


def unlearnt(domains: int, axes: int) -> np.ndarray:
    """The hyperparameters' logarithms (h,) that learning starts from."""
    start = np.zeros(domains + 3 + (1 + 2 * axes if axes else 0))
    start[domains + 1 : domains + 3] = START_NOISE
    return start


def negative_log_posterior(log_hyper: np.ndarray, sites: Sites, left: np.ndarray) -> tuple[float, np.ndarray]:
    """Of the hyperparameters' logarithms, given residuals (n,) at sites; with its gradient (h,)."""
    hyper = np.exp(log_hyper)
    n, m, a = len(left), sites.roots.shape[1], sites.axes.shape[1]
    d = _squared_distances(sites.roots, sites.roots, hyper[:m])
    rough, rough_slope = _matern(d), _matern_slope(d)
    sloped = np.ones((n, n))
    if a:
        sloped += (sites.axes * hyper[m + 4 : m + 4 + a]) @ sites.axes.T
        wide = d + _squared_distances(sites.axes, sites.axes, hyper[m + 4 + a :])
    k = hyper[m] * rough * sloped + sites.drift @ sites.drift.T + noise(hyper, sites)
    if a:
        k += hyper[m + 3] * _matern(wide)
    factor = cho_factor(k, lower=True)
    weights = cho_solve(factor, left)
    value = 0.5 * left @ weights + np.log(np.diag(factor[0])).sum() + 0.5 * PRIOR_PRECISION * log_hyper @ log_hyper
    g = 0.5 * (cho_solve(factor, np.eye(n)) - np.outer(weights, weights))
    by_d = g * hyper[m] * rough_slope * sloped
    slope = np.empty_like(log_hyper)
    slope[m], slope[m + 1] = hyper[m] * (g * rough * sloped).sum(), hyper[m + 1] * np.trace(g)
    slope[m + 2] = hyper[m + 2] * g[sites.same_run].sum()
    if a:
        by_wide = g * hyper[m + 3] * _matern_slope(wide)
        by_d = by_d + by_wide
        slope[m + 3] = hyper[m + 3] * (g * _matern(wide)).sum()
        tilted = (g * hyper[m] * rough) @ sites.axes
        slope[m + 4 : m + 4 + a] = hyper[m + 4 : m + 4 + a] * (tilted * sites.axes).sum(axis=0)
        slope[m + 4 + a :] = hyper[m + 4 + a :] * _weighted_squares(by_wide, sites.axes)
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
