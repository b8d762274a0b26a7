"""Confidence intervals of fitted parameters.

Rows of one run share its noise, so runs count as independent and rows do not. The covariance is

    (JᵀJ)⁻¹ (Σ_g J_gᵀ f_g f_gᵀ J_g) (JᵀJ)⁻¹,  f_g = (1 − H_gg)⁻¹ e_g,

g being the runs (CR3; HC3 where every run has one row), which holds under any noise within a run and
for runs of unequal noise. J is the weighted gradient, H_gg = J_g (JᵀJ)⁻¹ J_gᵀ, e the residuals or,
under Huber's loss, its slopes over the share of rows within its threshold. Intervals are Student's
with one degree of freedom less than there are runs, or those of the fit if these are fewer; those of a
parameter have no more than there are runs that tell of it, (Σ_g v_g)²/Σ_g v_g² by Satterthwaite, v_g being
what run g weighs in it. Those of positive parameters are those of their logarithms.

Along a direction in which J vanishes the runs say nothing. Parameters that lie along it are stated
as not identified and have no interval, nor do positive parameters that might be 10⁴ times as large.
Predictions, on which such a direction has no bearing, keep theirs.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from phasemix.fitting.huber import huber_score, huber_widening

UNIDENTIFIED = 1e-7  # relative to the largest singular value of the scaled gradient
LEFT = 1e-9  # of a direction's weight must lie in other runs
TINY = 1e-300
WIDEST = np.log(1e4)  # half an interval of a positive parameter; a wider one identifies nothing


@dataclass(frozen=True)
class Uncertainty:
    """How sure fitted numbers θ (p,) are.

    Attributes:
        root: a square root of their covariance, shape (p, q).
        determined: which of them the runs have any bearing on, shape (p,).
        freedom: degrees of freedom of the fit.
        own_freedom: those of every single number, shape (p,).
        widening: by what intervals are wider (:func:`phasemix.fitting.huber.huber_widening`).
    """

    root: np.ndarray
    determined: np.ndarray
    freedom: int
    own_freedom: np.ndarray
    widening: float

    def of_parameters(self, positive: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Half the intervals of θ, not a number where there is none, and which θ are identified; shapes (p,).

        ``positive`` says which of them are logarithms of positive parameters, shape (p,).
        """
        quantile = self.widening * stdtrit(self.own_freedom, (1 + confidence) / 2)
        half = quantile * np.linalg.norm(self.root, axis=1)
        identified = self.determined & ((half < WIDEST) | ~positive)
        return np.where(identified, half, np.nan), identified

    def of_values(self, gradient: np.ndarray, confidence: float) -> np.ndarray:
        """Half the intervals of values whose gradients by θ are given, shape (n, p); shape (n,)."""
        quantile = self.widening * float(stdtrit(self.freedom, (1 + confidence) / 2))
        return quantile * np.linalg.norm(gradient @ self.root, axis=1)


def uncertainty(
    gradient: np.ndarray,
    residual: np.ndarray,
    runs: np.ndarray,
    *,
    penalty: np.ndarray | None = None,
    huber: float | None = None,
    pull: np.ndarray | None = None,
) -> Uncertainty:
    """How sure a fit is.

    Args:
        gradient: of the fitted values, weighted, shape (n, p).
        residual: weighted, shape (n,).
        runs: which run each row is of, numbered from 0, shape (n,).
        penalty: the precision of a Gaussian prior on θ, shape (p, p).
        huber: the threshold of Huber's loss; None: squares.
        pull: how uncertain the prior's pull on θ is, shape (p,): its precision times what its centre may be off by.
    """
    widening = huber_widening(residual, huber, gradient.shape[1])
    residual = huber_score(residual, huber)
    count = int(runs.max()) + 1
    freedom = max(1, min(count - 1, gradient.shape[0] - gradient.shape[1]))
    if penalty is not None:
        values, vectors = np.linalg.eigh(penalty)
        rows = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
        gradient = np.concatenate([gradient, rows])
        residual = np.concatenate([residual, np.zeros(len(rows))])
        runs = np.concatenate([runs, np.arange(count, count + len(rows))])
    scale = np.linalg.norm(gradient, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    u, s, vt = np.linalg.svd(gradient / scale, full_matrices=False)
    kept = s > UNIDENTIFIED * max(s[0], TINY)
    lost = np.ones(len(scale), bool) if not kept.any() else (np.square(vt[~kept]).sum(axis=0) > UNIDENTIFIED)
    lost |= np.linalg.norm(gradient, axis=0) == 0
    u, s, vt = u[:, kept], s[kept], vt[kept]
    _, spread, turned = np.linalg.svd(_pulls(u, residual, runs), full_matrices=False)
    solved = (vt / scale).T / s
    told = _by_run(np.square(u @ solved.T), runs)
    own = np.square(told.sum(axis=0)) / np.maximum(np.square(told).sum(axis=0), TINY)
    root = solved @ (turned.T * spread)
    if pull is not None and pull.any():
        root = np.concatenate([root, (solved @ solved.T)[:, pull > 0] * pull[pull > 0]], axis=1)
    return Uncertainty(root, ~lost, freedom, np.clip(own, 1, freedom), widening)


def _by_run(rows: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Sums over the rows of every run, shape (runs, p)."""
    return np.stack([np.bincount(runs, column) for column in rows.T], axis=1)


def _pulls(u: np.ndarray, residual: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """U_gᵀ(1 − U_g U_gᵀ)⁻¹ e_g = (1 − U_gᵀ U_g)⁻¹ U_gᵀ e_g of every run g, shape (runs, q), for U (n, q) and e (n,)."""
    order = np.argsort(runs, kind="stable")
    first = np.flatnonzero(np.diff(runs[order], prepend=-1))
    pulled = np.add.reduceat(u[order] * residual[order, None], first)
    found = np.empty_like(pulled)
    for number, rows in enumerate(np.split(order, first[1:])):
        weight, axes = np.linalg.eigh(u[rows].T @ u[rows])
        found[number] = axes @ (axes.T @ pulled[number] / np.maximum(1 - weight, LEFT))
    return found
