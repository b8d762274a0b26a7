"""The curves B/N^β + C of many losses of one domain over sizes, whose exponent is one for all.

Three sizes are all that a table usually has, and three numbers pass through any three points: with an exponent of its
own, each curve extrapolates its noise. What differs between mixtures is how much size lowers the loss, not how fast.
"""

import numpy as np

EXPONENTS = np.geomspace(0.02, 2, 60)  # β that are tried
REFINED = 20  # bisections of the interval around the best


def fit_size_curves(size: np.ndarray, loss: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Fit B/N^β + C, B ≥ 0, to curves of shape (b, n): (ln B, β, C), shape (b, 3), for residuals relative to the loss.

    Args:
        size: of every point.
        loss: of every point.
        weight: 1, or 0 for points that are not there.
    """
    weight = weight / np.square(loss)
    middle = np.exp(np.average(np.log(size), weights=weight > 0))
    scaled = size / middle

    def cost(beta: float) -> float:
        b, c = _lines(scaled**-beta, loss, weight)
        return float((weight * np.square(b[:, None] * scaled**-beta + c[:, None] - loss)).sum())

    costs = [cost(beta) for beta in EXPONENTS]
    best = int(np.argmin(costs))
    low, high = EXPONENTS[max(best - 1, 0)], EXPONENTS[min(best + 1, len(EXPONENTS) - 1)]
    for _ in range(REFINED):
        third = (high - low) / 3
        if cost(low + third) < cost(high - third):
            high -= third
        else:
            low += third
    beta = 0.5 * (low + high)
    b, c = _lines(scaled**-beta, loss, weight)
    log_b = np.log(np.maximum(b, 1e-300)) + beta * np.log(middle)
    return np.stack([log_b, np.full(len(b), beta), c], axis=1)


def _lines(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of 0 or more, and intercepts, of lines through points (b, n)."""
    total = weight.sum(axis=1)
    mean_x, mean_y = (x * weight).sum(axis=1) / total, (y * weight).sum(axis=1) / total
    centred = (x - mean_x[:, None]) * weight
    slope = np.maximum((centred * y).sum(axis=1) / (centred * x).sum(axis=1), 0)
    return slope, mean_y - slope * mean_x
