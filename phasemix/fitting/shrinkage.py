"""Numbers that the domains of a table are likely to share, drawn together as far as they agree.

Three sizes say little of how fast a domain's loss falls with size, and so of a larger model; but the domains of one
table fall about alike. So each domain's exponent is drawn towards the mean of all, the more the less sure it is: a
hierarchical model, by moments (DerSimonian and Laird 1986). Where exponents differ by more than their errors, they stay
as they are.
"""

from dataclasses import dataclass

import numpy as np

LEAST_DOMAINS = 3  # to tell how far numbers differ
LEAST_SPREAD = 0.05  # of the logarithms of exponents: nobody's are closer


@dataclass(frozen=True)
class Shrunk:
    """What is known of the fitted numbers θ of ``b`` domains from each other.

    Attributes:
        centre: shape (b, p).
        precision: of θ around it, shape (b, p), 0 where nothing is shared; in squares of residuals.
        deviation: standard deviation of θ around it, shape (b, p): numbers scatter, and the centre is an estimate.
    """

    centre: np.ndarray
    precision: np.ndarray
    deviation: np.ndarray


@dataclass(frozen=True)
class CommonMean:
    """The mean of numbers that scatter by more than their errors.

    Attributes:
        mean: the estimate.
        spread: by how much more they scatter, a standard deviation.
        error: standard error of the mean.
    """

    mean: float
    spread: float
    error: float


def common_mean(values: np.ndarray, errors: np.ndarray) -> CommonMean:
    """The mean of numbers of these errors, both of shape (n,)."""
    weight = 1 / np.square(errors)
    mean = np.average(values, weights=weight)
    excess = (weight * np.square(values - mean)).sum() - (len(values) - 1)
    spread = np.sqrt(max(excess / (weight.sum() - np.square(weight).sum() / weight.sum()), 0.0))
    spread = max(float(spread), LEAST_SPREAD)
    weight = 1 / (np.square(errors) + spread**2)
    return CommonMean(float(np.average(values, weights=weight)), spread, float(weight.sum() ** -0.5))


def drawn_together(theta: np.ndarray, errors: np.ndarray, which: list[int], noise: np.ndarray) -> Shrunk | None:
    """θ of all domains, shape (b, p), drawn together in some of its numbers; None if there are too few domains.

    Args:
        theta: the fitted numbers.
        errors: their standard errors, shape (b, p), infinite where the runs say nothing.
        which: of these numbers are shared.
        noise: variance of the residuals of every domain, shape (b,).
    """
    if len(theta) < LEAST_DOMAINS or not which:
        return None
    centre, precision, deviation = np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta)
    for i in which:
        sure = np.isfinite(errors[:, i]) & (errors[:, i] > 0)
        if sure.sum() < LEAST_DOMAINS:
            continue
        common = common_mean(theta[sure, i], errors[sure, i])
        centre[:, i], precision[:, i] = common.mean, noise / common.spread**2
        deviation[:, i] = np.hypot(common.spread, common.error)
    return Shrunk(centre, precision, deviation)
