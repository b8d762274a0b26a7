"""How far points leave a straight line in the middle: the test of a law that is a line."""

import numpy as np
from scipy.special import stdtrit

MISSING = (np.nan, np.nan, np.nan)


def bend(x: np.ndarray, y: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """How far the least-squares parabola through points lies below its chord in the middle, as a share of its rise.

    The chord joins the parabola's two ends, and the rise is the line's between them, taken as known. So it has no unit:
    0 for a line, 1/4 for x² from 0 on, and positive where a rise gets steeper.

    Args:
        x: of the points, shape (n,).
        y: of the points, shape (n,).
        confidence: of the interval.

    Returns:
        The bend and Student's interval of it, of n − 3 degrees of freedom; NaN with fewer than four different x, or if
        the line does not rise.
    """
    if len(np.unique(x)) < 4:
        return MISSING
    centred, width = x - x.mean(), np.ptp(x)
    rise = float(np.polyfit(centred, y, 1)[0]) * width
    if rise <= 0:
        return MISSING
    powers = np.stack([np.ones_like(centred), centred, np.square(centred)], axis=1)
    inverse = np.linalg.inv(powers.T @ powers)
    coefficients = inverse @ powers.T @ y
    freedom = len(x) - 3
    noise = np.sqrt(np.square(y - powers @ coefficients).sum() / freedom)
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * noise * np.sqrt(inverse[2, 2])
    below, spread = (value * width**2 / 4 / rise for value in (coefficients[2], half))
    return float(below), float(below - spread), float(below + spread)
