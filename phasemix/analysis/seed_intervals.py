"""Intervals of means over seeds, by Student's t: what another seed would give of the same people."""

import math

import numpy as np
from scipy.stats import t as student


def mean_interval(values: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """The mean of values of several seeds, shape (seeds,), and its interval; NaN ends with a single seed."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return float(values.mean()) if len(values) else math.nan, math.nan, math.nan
    half = student.ppf((1 + confidence) / 2, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def share_interval(values: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """The same of shares from 0 to 1, whose mean lies there too."""
    mean, *ends = mean_interval(values, confidence)
    low, high = np.clip(ends, 0, 1)
    return mean, float(low), float(high)


def difference_interval(first: np.ndarray, second: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """How much larger the mean of the second is, and its interval (Welch); NaN ends with a single seed."""
    first, second = (np.asarray(values, dtype=float) for values in (first, second))
    difference = float(second.mean() - first.mean())
    if min(len(first), len(second)) < 2:
        return difference, math.nan, math.nan
    parts = [values.var(ddof=1) / len(values) for values in (first, second)]
    if sum(parts) == 0:
        return difference, difference, difference
    freedom = sum(parts) ** 2 / sum(p**2 / (len(v) - 1) for p, v in zip(parts, (first, second), strict=True))
    half = student.ppf((1 + confidence) / 2, freedom) * math.sqrt(sum(parts))
    return difference, difference - half, difference + half


def columns(name: str, interval: tuple[float, float, float]) -> dict[str, float]:
    """A value and the ends of its interval as columns of a table: ``name``, ``name_low`` and ``name_high``."""
    return dict(zip((name, f"{name}_low", f"{name}_high"), interval, strict=True))


def pooled_noise(groups: list[np.ndarray]) -> tuple[float, int]:
    """The standard deviation between seeds, pooled over groups that share it, and its degrees of freedom.

    A few seeds in each of many groups tell it well, where those of a single one do not. Without two seeds anywhere
    it is not a number.
    """
    several = [np.asarray(group, dtype=float) for group in groups if len(group) > 1]
    freedom = sum(len(group) - 1 for group in several)
    if not freedom:
        return math.nan, 0
    return math.sqrt(sum(((group - group.mean()) ** 2).sum() for group in several) / freedom), freedom


def pooled_mean(values: np.ndarray, noise: tuple[float, int], confidence: float) -> tuple[float, float, float]:
    """The mean over seeds and its interval by pooled noise; NaN where nothing was measured, or no noise."""
    values = np.asarray(values, dtype=float)
    return _pooled(float(values.mean()) if len(values) else math.nan, 1 / max(len(values), 1), noise, confidence)


def pooled_difference(
    first: np.ndarray, second: np.ndarray, noise: tuple[float, int], confidence: float
) -> tuple[float, float, float]:
    """How much larger the mean of the second is, and its interval by pooled noise."""
    return _pooled(float(np.mean(second) - np.mean(first)), 1 / len(first) + 1 / len(second), noise, confidence)


def _pooled(value: float, parts: float, noise: tuple[float, int], confidence: float) -> tuple[float, float, float]:
    deviation, freedom = noise
    if not freedom:
        return value, math.nan, math.nan
    half = float(student.ppf((1 + confidence) / 2, freedom)) * deviation * math.sqrt(parts)
    return value, value - half, value + half
