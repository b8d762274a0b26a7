"""Robust nonlinear least squares for many small problems at once.

All loss domains, and all starts of each, are fitted in one batch: a projected Levenberg–Marquardt
method (Moré 1978, with Marquardt's scaling) in which every problem has its own damping. A parameter
that is pushed against its bound stands still for that step. Huber's loss enters by reweighting.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from phasemix.fitting.huber import huber_loss, huber_weight

TOLERANCE = 1e-13  # a step smaller than this, relative to the parameters, ends the search
DAMPING = (1e-3, 1e-12, 1e12)  # at first, at least, at most
FREE = 0.1  # up to this damping, a step that gains nothing shows that there is nothing to gain


@dataclass(frozen=True)
class Effort:
    """When to stop: after so many iterations, or when one lowers the cost by less than ``gain``, relatively."""

    iterations: int
    gain: float


ROUGH, FULL = Effort(40, 1e-4), Effort(300, 1e-11)

Model = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""From parameters (b, p), and the numbers (b,) of the problems they are for, to values (b, n), gradients (b, n, p)."""


@dataclass(frozen=True)
class Solution:
    """The parameters of every problem, shape (b, p), its cost, and whether the search came to rest, shapes (b,)."""

    theta: np.ndarray
    cost: np.ndarray
    converged: np.ndarray


def minimise(
    model: Model,
    target: np.ndarray,
    weight: np.ndarray,
    start: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
    *,
    huber: float | None = None,
    penalty: np.ndarray | None = None,
    centre: np.ndarray | None = None,
    effort: Effort = FULL,
) -> Solution:
    """Minimise Σ ρ(w·(f(θ) − y)) + ½ (θ − m)ᵀK(θ − m) for every problem of a batch.

    Args:
        model: f and its gradient.
        target: y, shape (b, n).
        weight: w, shape (b, n); 0 leaves a point out.
        start: θ, shape (b, p).
        bounds: lowest and highest θ, shapes (p,).
        huber: where ρ turns from ½x² to linear; None: never.
        penalty: K of every problem, shape (b, p, p), positive semidefinite.
        centre: m of every problem, shape (b, p); None: 0.
        effort: when to stop.
    """
    low, high = bounds
    theta = np.clip(start, low, high)
    count, size = theta.shape
    ridge = np.zeros((count, size, size)) if penalty is None else penalty
    middle = np.zeros((count, size)) if centre is None else centre
    cost, converged, damping = np.full(count, np.inf), np.zeros(count, bool), np.full(count, DAMPING[0])

    def evaluate(trial: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        with np.errstate(all="ignore"):
            value, gradient = model(trial, which)
            residual = weight[which] * (value - target[which])
            off = trial - middle[which]
            total = huber_loss(residual, huber).sum(axis=1) + 0.5 * np.einsum("bp,bpq,bq->b", off, ridge[which], off)
        return np.where(np.isfinite(total), total, np.inf), residual, gradient

    which = np.arange(count)
    cost, residual, gradient = evaluate(theta, which)
    which = which[np.isfinite(cost)]
    residual, gradient = residual[which], gradient[which]
    for _ in range(effort.iterations):
        if not len(which):
            break
        here = theta[which]
        root = np.sqrt(huber_weight(residual, huber)) * weight[which]
        scaled = gradient * root[:, :, None]
        slope = np.einsum("bnp,bn->bp", gradient, weight[which] * huber_weight(residual, huber) * residual)
        slope += np.einsum("bp,bpq->bq", here - middle[which], ridge[which])
        curvature = np.matmul(scaled.transpose(0, 2, 1), scaled) + ridge[which]
        still = ((here <= low) & (slope > 0)) | ((here >= high) & (slope < 0))
        step = _damped_step(curvature, slope, still, damping[which])
        trial = np.clip(here + step, low, high)
        found, trial_residual, trial_gradient = evaluate(trial, which)
        better = found <= cost[which]
        fall = cost[which] - found
        moved = np.abs(trial - here).max(axis=1)
        still_at = moved <= TOLERANCE * (1 + np.abs(here).max(axis=1))
        rest = (better & (fall <= effort.gain * cost[which]) & (damping[which] <= FREE)) | still_at
        theta[which[better]] = trial[better]
        cost[which[better]] = found[better]
        residual[better], gradient[better] = trial_residual[better], trial_gradient[better]
        damping[which] = np.clip(damping[which] * np.where(better, 0.2, 5.0), *DAMPING[1:])
        converged[which[rest]] = True
        going = ~rest & ~(~better & (damping[which] >= DAMPING[2]))
        converged[which[~going]] = True
        which, residual, gradient = which[going], residual[going], gradient[going]
    return Solution(theta, cost, converged)


def _damped_step(curvature: np.ndarray, slope: np.ndarray, still: np.ndarray, damping: np.ndarray) -> np.ndarray:
    """Solve (H + λ·diag H)·step = −slope, with the still parameters left out."""
    scale = np.sqrt(np.maximum(np.diagonal(curvature, axis1=1, axis2=2), 1e-300))
    scale = np.maximum(scale, 1e-12 * scale.max(axis=1, keepdims=True))
    unit = curvature / scale[:, :, None] / scale[:, None, :]
    moving = ~still
    unit *= moving[:, :, None] & moving[:, None, :]
    diagonal = np.arange(unit.shape[1])
    unit[:, diagonal, diagonal] = np.where(moving, unit[:, diagonal, diagonal] + damping[:, None], 1.0)
    unit[:, diagonal, diagonal] = np.maximum(unit[:, diagonal, diagonal], 1e-12)
    return -np.linalg.solve(unit, np.where(moving, slope / scale, 0.0)[:, :, None])[:, :, 0] / scale
