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


def huber_score(residual: np.ndarray, threshold: float | None) -> np.ndarray:
    """What stands for the residuals (n,) in the covariance of an M-estimate: ρ′ over the mean of ρ″."""
    if threshold is None:
        return residual
    return np.clip(residual, -threshold, threshold) / _within(residual, threshold)


def huber_widening(residual: np.ndarray, threshold: float | None, parameters: int) -> float:
    """By what intervals are wider, as the mean m of ρ″ is uncertain: 1 + (p/n)·(1 − m)/m.

    Huber, Robust Statistics, 1981, section 7.6.
    """
    if threshold is None:
        return 1.0
    within = _within(residual, threshold)
    return 1 + parameters / len(residual) * (1 - within) / within


def _within(residual: np.ndarray, threshold: float) -> float:
    """The share of residuals that are squared, which is the mean of ρ″."""
    return max(float((np.abs(residual) <= threshold).mean()), 1 / len(residual))
