"""The portfolio of UtiliMax: useful domains, and not too few of them."""

import numpy as np

from phasemix.base.errors import PhasemixError


def portfolio(utilities: np.ndarray, caps: np.ndarray, penalty: float) -> np.ndarray:
    """The mixture w that maximises w·u − λ·‖w‖² within caps (UtiliMax, arXiv 2501.11747, with Σ the identity).

    With equal utilities that is UniMax's. The solution is w = clip((u − ν) / 2λ, 0, caps), where ν makes it sum to 1.

    Args:
        utilities: u, shape (k,).
        caps: greatest proportions, shape (k,), which sum to 1 or more.
        penalty: λ > 0.

    Raises:
        PhasemixError: the penalty is not positive.
    """
    if penalty <= 0:
        raise PhasemixError(f"the penalty of few domains must be above 0, not {penalty:g}")
    from scipy.optimize import brentq  # noqa: PLC0415 (configurations load mixers)

    def at(level: float) -> np.ndarray:
        return np.asarray(np.clip((utilities - level) / (2 * penalty), 0, caps))

    if caps.sum() <= 1:  # by rounding, where they leave no choice
        return np.asarray(caps / caps.sum())
    found = at(brentq(lambda level: at(level).sum() - 1, utilities.min() - 2 * penalty, utilities.max(), xtol=1e-12))
    return np.asarray(found / found.sum())
