"""Critical capacity, critical ratio and threshold frequency, searched for with the learner itself.

:mod:`phasemix.theory.thresholds` has them in closed form. Here Brent's method finds where the share known of a
kind of facts, the ``kind``-th of a learner's, crosses a level. As with measured critical points
(:mod:`phasemix.analysis.critical_points`), the result is infinite if the level is not reached, and 0 if it is reached
everywhere.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.checks import level

FAR = 300.0  # e^±300 is beyond every capacity and frequency
SURE = 34.0  # odds of e^34 are a ratio that doubles can still tell from 1


def find_critical_capacity(learner: BoundedLearner, kind: int, share: float) -> float:
    """The capacity, in bits, at which the share known of a kind crosses a level between 0 and 1.

    Raises:
        ValueError: the level is out of its range.
    """
    return _crossing(lambda capacity: learner.known(capacity)[kind], share, FAR)


def find_critical_ratio(learner: BoundedLearner, kind: int, capacity: float, share: float) -> float:
    """The ratio at which the share known of a kind, with so many bits, crosses a level between 0 and 1.

    The learner's own ratio plays no part. It must have a broad domain.

    Raises:
        ValueError: there is no broad domain, the capacity is negative or not finite, or the level is out of its range.
    """
    if learner.broad is None:
        raise ValueError("without a broad domain there is no mixing ratio to search for")

    def known(odds: float) -> float:
        return replace(learner, ratio=odds / (1 + odds)).known(capacity)[kind]

    odds = _crossing(known, share, SURE)
    return odds if math.isinf(odds) else odds / (1 + odds)


def find_threshold_frequency(learner: BoundedLearner, kind: int, capacity: float, share: float) -> float:
    """The frequency, per token of the dense domain, at which the share known of a kind crosses a level between 0 and 1.

    The kind's own frequency plays no part; those of the others stay. Where the kind overtakes another, the share known
    may jump across the level, and the result is the other's frequency.

    Raises:
        ValueError: the capacity is negative or not finite, or the level is out of its range.
    """

    def known(frequency: float) -> float:
        facts = list(learner.facts)
        facts[kind] = replace(facts[kind], frequency=frequency)
        return replace(learner, facts=facts).known(capacity)[kind]

    return _crossing(known, share, FAR)


def first_frequency_below(learner: BoundedLearner, capacity: float, share: float) -> float:
    """The frequency of the most frequent kind of which less than a share is known: A-Fig 7a's threshold frequency.

    Per token of the dense domain; 0 if so much is known of every kind.

    Raises:
        ValueError: the capacity is negative or not finite, or the share is not above 0 and below 1.
    """
    level(share)
    known = learner.known(capacity)
    return max((kind.frequency for kind, of in zip(learner.facts, known, strict=True) if of < share), default=0.0)


def _crossing(known: Callable[[float], float], share: float, highest: float) -> float:
    """Where a share that grows with a positive number crosses a level, from e^−300 to e^``highest``."""
    level(share)
    if known(math.exp(-FAR)) >= share:
        return 0.0
    if known(math.exp(highest)) < share:
        return np.inf
    return math.exp(brentq(lambda logarithm: known(math.exp(logarithm)) - share, -FAR, highest))
