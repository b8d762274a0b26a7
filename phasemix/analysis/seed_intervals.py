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
    return of_shares(mean_interval(values, confidence))


def of_shares(interval: tuple[float, float, float]) -> tuple[float, float, float]:
    """A mean of shares and its interval, which lies between 0 and 1 as they do."""
    mean, *ends = interval
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


def unshared_noise(groups: list[np.ndarray]) -> tuple[float, int]:
    """The standard deviation between seeds that is left when what every seed does to all groups is taken out.

    It is that of the residuals of groups and seeds, with (groups − 1)·(seeds − 1) degrees of freedom: the noise of
    differences between groups that were trained with the same seeds. Groups that lack a seed do not count.
    """
    seeds = max((len(group) for group in groups), default=0)
    whole = [group for group in groups if len(group) == seeds]
    if min(len(whole), seeds) < 2:
        return math.nan, 0
    freedom = (len(whole) - 1) * (seeds - 1)
    table = np.array(whole, dtype=float)
    residuals = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
    return math.sqrt((residuals**2).sum() / freedom), freedom


def pooled_mean(values: np.ndarray, noise: tuple[float, int], confidence: float) -> tuple[float, float, float]:
    """The mean over seeds and its interval by the noise of all groups; NaN where nothing was measured, or no noise."""
    values = np.asarray(values, dtype=float)
    return _pooled(float(values.mean()) if len(values) else math.nan, 1 / max(len(values), 1), noise, confidence)


def pooled_difference(
    first: np.ndarray, second: np.ndarray, noise: tuple[float, int], confidence: float
) -> tuple[float, float, float]:
    """How much larger the mean of the second is, and its interval by the noise of all groups."""
    return _pooled(float(np.mean(second) - np.mean(first)), 1 / len(first) + 1 / len(second), noise, confidence)


def _pooled(value: float, parts: float, noise: tuple[float, int], confidence: float) -> tuple[float, float, float]:
    deviation, freedom = noise
    if not freedom:
        return value, math.nan, math.nan
    half = float(student.ppf((1 + confidence) / 2, freedom)) * deviation * math.sqrt(parts)
    return value, value - half, value + half
