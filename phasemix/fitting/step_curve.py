"""The curve B/s^β + C of a loss over training steps or sizes, and its fit to many losses at once."""

import numpy as np

from phasemix.fitting.levenberg_marquardt import minimise

LOW, HIGH = np.array([-60.0, 0.0, 0.0]), np.array([60.0, 10.0, 1e6])  # of ln B, β, C
EXPONENTS = np.geomspace(0.02, 3, 24)  # β that fits start from, the best of them


def step_curve(theta: np.ndarray, step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """B/s^β + C and its gradient by (ln B, β, C), for θ of shape (b, 3) and steps (b, n)."""
    log_b, beta, c = (theta[:, i, None] for i in range(3))
    fall = np.exp(np.minimum(log_b - beta * np.log(step), 700))
    return fall + c, np.stack([fall, -np.log(step) * fall, np.ones_like(fall)], axis=-1)


def fit_step_curves(step: np.ndarray, loss: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit B/s^β + C to curves of shape (b, n): (ln B, β, C), shape (b, 3), and whether each came to rest."""
    logs = np.log(step)
    middle = (logs * weight).sum(axis=1) / weight.sum(axis=1)
    scaled = np.exp(logs - middle[:, None])
    start, least = np.empty((len(loss), 3)), np.full(len(loss), np.inf)
    total = weight.sum(axis=1)
    for beta in EXPONENTS:  # B and C by linear regression on s^−β
        fall = scaled**-beta
        mean_fall, mean_loss = (fall * weight).sum(axis=1) / total, (loss * weight).sum(axis=1) / total
        centred = (fall - mean_fall[:, None]) * weight
        b = np.maximum((centred * loss).sum(axis=1) / (centred * fall).sum(axis=1), 1e-12)
        c = np.maximum(mean_loss - b * mean_fall, 0)
        cost = (weight * np.square(b[:, None] * fall + c[:, None] - loss)).sum(axis=1)
        better = cost < least
        least[better] = cost[better]
        start[better] = np.stack([np.log(b), np.full(len(b), beta), c], axis=1)[better]
    best = minimise(lambda theta, which: step_curve(theta, scaled[which]), loss, weight, start, (LOW, HIGH))
    best.theta[:, 0] += middle * best.theta[:, 1]
    return best.theta, best.converged
