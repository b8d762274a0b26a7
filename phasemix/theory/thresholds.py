"""Critical capacity, critical ratio and threshold frequency in closed form (paper A, theorem 4.3 and its corollaries).

They are one equation, solved for M, r and p. A bit of a fact gains r · p, however many have been spent, and one of the
broad domain (1 − r) · (−F₂′), ever less. With K bits spent on facts, the next is worth as much in either place where

    r · p = (1 − r) · (−F₂′(M − K)).

K says which point of the transition is meant. With K = 0 facts begin to be learned. Where r is small, that gives the
paper's laws: M_thres ~ (r p)^(−1/(α+1)), r_thres ~ 1 / (p · M^(α+1)) and f_thres ~ M^−(α+1). With K = s · H_tot a share
s of them is known: the bits that they hold have been taken from the broad domain. Among facts of several frequencies K
is :func:`phasemix.theory.facts.bits_spent`.

Capacities and K are in bits, frequencies per token of the dense domain. Arguments have any shapes that broadcast, and
results the shape that these broadcast to.
"""

import numpy as np
from numpy.typing import ArrayLike

from phasemix.theory.checks import not_negative, positive, ratio_beside_broad
from phasemix.theory.power_law import PowerLaw


def critical_capacity(broad: PowerLaw, ratio: ArrayLike, frequency: ArrayLike, spent: ArrayLike = 0.0) -> np.ndarray:
    """M = M₀(r p / (1 − r)) + K, in bits; infinite at a ratio of 0.

    With K = 0 and K = H_tot these are the two ends of theorem 4.3.

    Args:
        broad: the loss on the broad domain.
        ratio: r, at least 0 and below 1.
        frequency: p, positive.
        spent: K.

    Raises:
        ValueError: an argument is out of its range.
    """
    return broad.capacity(_odds(ratio) * positive("the frequency", frequency)) + not_negative("the bits spent", spent)


def critical_ratio(broad: PowerLaw, frequency: ArrayLike, capacity: ArrayLike, spent: ArrayLike = 0.0) -> np.ndarray:
    """The ratio r at which r / (1 − r) = −F₂′(M − K) / p.

    1 if the capacity is just K, so that nothing is left for the broad domain; infinite, as no ratio is enough, if it is
    less.

    Args:
        broad: the loss on the broad domain.
        frequency: p, positive.
        capacity: M.
        spent: K.

    Raises:
        ValueError: an argument is out of its range.
    """
    left = not_negative("the capacity", capacity) - not_negative("the bits spent", spent)
    ratio = 1 / (1 + positive("the frequency", frequency) / broad.gain(np.maximum(left, 0)))
    return np.where(left < 0, np.inf, ratio)


def threshold_frequency(broad: PowerLaw, ratio: ArrayLike, capacity: ArrayLike, spent: ArrayLike = 0.0) -> np.ndarray:
    """The frequency p = (1 − r) / r · (−F₂′(M − K)): facts are learned if they are more frequent, and not if less.

    Infinite, as no frequency is enough, at a ratio of 0 and if the capacity is not more than K.

    Args:
        broad: the loss on the broad domain.
        ratio: r, at least 0 and below 1.
        capacity: M.
        spent: K, the bits of all facts known.

    Raises:
        ValueError: an argument is out of its range.
    """
    left = not_negative("the capacity", capacity) - not_negative("the bits spent", spent)
    with np.errstate(divide="ignore", over="ignore"):
        return broad.gain(np.maximum(left, 0)) / _odds(ratio)


def _odds(ratio: ArrayLike) -> np.ndarray:
    """The odds r / (1 − r)."""
    ratio = ratio_beside_broad(ratio)
    return ratio / (1 - ratio)
