"""Confidence intervals of fitted parameters.

They are Student's, from the covariance (JᵀJ)⁻¹ Jᵀ diag(e²/(1−h)²) J (JᵀJ)⁻¹ (HC3, which holds for
errors of unequal size, such as relative noise). J is the weighted gradient, h its leverages, e the
residuals or, under Huber's loss, its slopes over the share of rows within its threshold. The
intervals of positive parameters are those of their logarithms. Rows count as independent.

Along a direction in which J vanishes the runs say nothing. Parameters that lie along it are stated
as not identified and have no interval, nor do positive parameters that might be 10⁴ times as large.
Predictions, on which such a direction has no bearing, keep theirs.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

UNIDENTIFIED = 1e-7  # relative to the largest singular value of the scaled gradient
WIDEST = np.log(1e4)  # half an interval of a positive parameter; a wider one identifies nothing


@dataclass(frozen=True)
class Uncertainty:
    """How sure fitted numbers θ (p,) are.

    Attributes:
        root: a square root of their covariance, shape (p, q).
        determined: which of them the runs have any bearing on, shape (p,).
        freedom: degrees of freedom of the fit.
    """

    root: np.ndarray
    determined: np.ndarray
    freedom: int

    def of_parameters(self, positive: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Half the intervals of θ, not a number where there is none, and which θ are identified; shapes (p,).

        ``positive`` says which of them are logarithms of positive parameters, shape (p,).
        """
        half = self._quantile(confidence) * np.linalg.norm(self.root, axis=1)
        identified = self.determined & ((half < WIDEST) | ~positive)
        return np.where(identified, half, np.nan), identified

    def of_values(self, gradient: np.ndarray, confidence: float) -> np.ndarray:
        """Half the intervals of values whose gradients by θ are given, shape (n, p); shape (n,)."""
        return self._quantile(confidence) * np.linalg.norm(gradient @ self.root, axis=1)

    def _quantile(self, confidence: float) -> float:
        return float(stdtrit(self.freedom, (1 + confidence) / 2))


def uncertainty(
    gradient: np.ndarray, residual: np.ndarray, freedom: int, penalty: np.ndarray | None = None
) -> Uncertainty:
    """How sure a least-squares fit is.

    Args:
        gradient: of the fitted values, weighted, shape (n, p).
        residual: weighted, or what stands for them under Huber's loss, shape (n,).
        freedom: degrees of freedom.
        penalty: the precision of a Gaussian prior on θ, shape (p, p).
    """
    if penalty is not None:
        values, vectors = np.linalg.eigh(penalty)
        rows = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
        gradient = np.concatenate([gradient, rows])
        residual = np.concatenate([residual, np.zeros(len(rows))])
    scale = np.linalg.norm(gradient, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    u, s, vt = np.linalg.svd(gradient / scale, full_matrices=False)
    kept = s > UNIDENTIFIED * max(s[0], 1e-300)
    lost = np.ones(len(scale), bool) if not kept.any() else (np.square(vt[~kept]).sum(axis=0) > UNIDENTIFIED)
    lost |= np.linalg.norm(gradient, axis=0) == 0
    u, s, vt = u[:, kept], s[kept], vt[kept]
    leverage = np.minimum(np.square(u).sum(axis=1), 1 - 1e-9)
    noise = u * (residual / (1 - leverage))[:, None]
    _, spread, turned = np.linalg.svd(noise, full_matrices=False)
    root = (vt / scale).T / s @ (turned.T * spread)
    return Uncertainty(root, ~lost, freedom)
