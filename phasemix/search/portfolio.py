"""The portfolio of UtiliMax: useful domains, and not too few of them."""

import numpy as np

from phasemix.base.errors import PhasemixError


def portfolio(utilities: np.ndarray, caps: np.ndarray, penalty: float) -> np.ndarray:
    """The mixture w that maximises w·u − λ·‖w‖² within caps (UtiliMax, arXiv 2501.11747, with Σ the identity).

    With equal utilities that is UniMax's. The solution is w = clip((u − ν) / 2λ, 0, caps); ν is found by bisection.

    Args:
        utilities: u, shape (k,).
        caps: greatest proportions, shape (k,), which sum to 1 or more.
        penalty: λ > 0.

    Raises:
        PhasemixError: the penalty is not positive.
    """
    if penalty <= 0:
        raise PhasemixError(f"the penalty of few domains must be above 0, not {penalty:g}")
    low, high = utilities.min() - 2 * penalty, utilities.max()
    for _ in range(100):
        middle = (low + high) / 2
        much = np.clip((utilities - middle) / (2 * penalty), 0, caps).sum() > 1
        low, high = (middle, high) if much else (low, middle)
    found = np.clip((utilities - low) / (2 * penalty), 0, caps)
    return np.asarray(found / found.sum())
