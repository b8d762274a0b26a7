"""Mixtures within bounds: the part of the simplex that least and greatest proportions leave."""

import numpy as np


def nearest_mixtures(points: np.ndarray, least: np.ndarray, caps: np.ndarray) -> np.ndarray:
    """The nearest mixtures between bounds (m,) to points (n, m), by bisection on what is taken off all."""
    low, high = points.min(axis=1) - 1.0, points.max(axis=1)
    for _ in range(60):
        middle = 0.5 * (low + high)
        much = np.clip(points - middle[:, None], least, caps).sum(axis=1) > 1
        low, high = np.where(much, middle, low), np.where(much, high, middle)
    found = np.clip(points - low[:, None], least, caps)
    return np.asarray(found / found.sum(axis=1, keepdims=True))
