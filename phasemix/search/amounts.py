"""AutoScale's law of a domain's amount, the best amounts by it, and their extrapolation (arXiv 2407.20177)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STEEPEST = 5.0  # the greatest exponent
LEAST_AMOUNT = 1e-3  # of a domain, as extrapolation multiplies amounts


@dataclass(frozen=True)
class Amounts:
    """L = ℓ + (N₀ + N)^−γ of a domain's amount N, in units of its equal one (equation 3)."""

    others: float  # N₀, what the other domains are worth
    exponent: float  # γ
    floor: float  # ℓ


def fit_amounts(amounts: Sequence[float], losses: Sequence[float]) -> Amounts:
    """The law through losses at three or more amounts, by least squares from several starts."""
    from scipy.optimize import least_squares  # noqa: PLC0415 (configurations load mixers)

    n, y = np.array(amounts, dtype=float), np.array(losses, dtype=float)

    def residuals(p: np.ndarray) -> np.ndarray:
        return np.asarray(p[2] + (p[0] + n) ** -p[1] - y)

    top = y.max()
    starts = [[others, exponent, top - 1] for others in (0.3, 2.0, 10.0) for exponent in (0.05, 0.3, 1.0)]
    bounds = ([1e-3, 0.0, top - 100], [1e3, STEEPEST, top])
    found = [least_squares(residuals, start, bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12) for start in starts]
    return Amounts(*map(float, min(found, key=lambda one: one.cost).x))


def best_amounts(laws: Sequence[Amounts], total: float) -> np.ndarray:
    """The amounts that minimise Σ_i (N₀_i + N_i)^−γ_i and sum to ``total``, shape (k,) (algorithm 1).

    Where slopes γ·(N₀ + N)^−(γ+1) are equal, or the amount is the least.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 (configurations load mixers)

    others, exponents = (np.array([getattr(law, name) for law in laws]) for name in ("others", "exponent"))
    exponents = np.maximum(exponents, 1e-9)

    def at(logarithm: float) -> np.ndarray:
        """The amounts at which slopes have this logarithm."""
        wanted = np.exp((np.log(exponents) - logarithm) / (exponents + 1)) - others
        return np.clip(wanted, LEAST_AMOUNT, total)

    found = at(brentq(lambda logarithm: at(logarithm).sum() - total, -60, 60, xtol=1e-12))
    return np.asarray(found * total / found.sum())


def extrapolated(first: np.ndarray, second: np.ndarray, tokens: float) -> np.ndarray:
    """Amounts N₁·(N₂/N₁)^t of every domain at the t at which they sum to ``tokens``, shape (k,) (algorithm 2).

    Where t is whole, that is N₃ = N₂²/N₁ again and again.

    Args:
        first: the best amounts at a scale, in tokens.
        second: those at a larger one.
        tokens: of the target, more than of the second.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 (configurations load mixers)

    growth = np.log(second / first)

    def missing(power: float) -> float:
        return float((first * np.exp(growth * power)).sum() - tokens)

    high = 1.0
    while missing(high) < 0:  # which ends, as the second amounts sum to more than the first
        high *= 2
    return np.asarray(first * np.exp(growth * brentq(missing, 0, high, xtol=1e-12)))
