"""Huber's loss: squared for residuals up to a threshold, linear beyond; without a threshold squared throughout."""

import numpy as np


def huber_loss(residual: np.ndarray, threshold: float | None) -> np.ndarray:
    """The loss ρ of every residual: ½x² up to the threshold."""
    if threshold is None:
        return 0.5 * residual**2
    size = np.abs(residual)
    return np.where(size <= threshold, 0.5 * residual**2, threshold * (size - 0.5 * threshold))


def huber_weight(residual: np.ndarray, threshold: float | None) -> np.ndarray:
    """The weight by which least squares has the slope of Huber's loss."""
    if threshold is None:
        return np.ones_like(residual)
    return threshold / np.maximum(np.abs(residual), threshold)


def huber_score(residual: np.ndarray, threshold: float | None, parameters: int) -> np.ndarray:
    """What stands for the residuals (n,) in the covariance of an M-estimate of so many parameters.

    It is ρ′ over the mean m of ρ″, and, as m is uncertain, times 1 + (p/n)·(1 − m)/m (Huber, Robust Statistics, 1981,
    section 7.6).
    """
    if threshold is None:
        return residual
    count = len(residual)
    within = max(float((np.abs(residual) <= threshold).mean()), 1 / count)
    return np.clip(residual, -threshold, threshold) / within * (1 + parameters / count * (1 - within) / within)
