"""Showing only a part of equal facts, and these the more often (paper A's random subsampling, A-Fig 8a).

Of facts of H_tot bits, a fraction ρ is kept. They have ρ · H_tot bits, and each has the frequency p / ρ. The others are
never shown. Of all facts, the learner then knows the share

    min(ρ, max(0, (M − M₀(r p / ((1 − r) ρ))) / H_tot)),

which grows with ρ as long as all that is shown is known, and falls from there on: M₀, the bits that the broad domain
takes first, grows as ρ^(1/(α+1)).
"""

import numpy as np
from scipy.optimize import brentq

from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.checks import not_negative
from phasemix.theory.facts import Facts
from phasemix.theory.power_law import PowerLaw
from phasemix.theory.thresholds import critical_capacity, threshold_frequency


def share_known(facts: Facts, broad: PowerLaw, ratio: float, capacity: float, fraction: float) -> float:
    """The share that the optimal learner knows of all facts if it is shown only a fraction.

    Args:
        facts: all of them, with the frequency that each has if all are shown.
        broad: the loss on the broad domain.
        ratio: r, at least 0 and below 1; the same whatever is left out.
        capacity: M, in bits.
        fraction: ρ, above 0 and at most 1.

    Raises:
        ValueError: an argument is out of its range.
    """
    return fraction * float(BoundedLearner([facts.subsampled(fraction)], broad, ratio).known(capacity)[0])


def best_fraction(facts: Facts, broad: PowerLaw, ratio: float, capacity: float) -> float:
    """The fraction with which most is known: the largest that is known whole. It is also the share then known.

    By theorem 4.3 a fraction is known whole from M = ρ · H_tot + M₀ · ρ^(1/(α+1)) on, M₀ being M₀(r p / (1 − r)). This
    grows with ρ, and is solved for it by Brent's method: only some α, such as 1, have an elementary solution. It lies
    below M / H_tot, and near it if the broad domain takes few of the bits; and it lies below
    p / f_thres(M) = (M / M₀)^(α+1), and near it if the facts take few: then just so many are left out that the others
    reach the threshold frequency.

    Returns:
        ρ; 1 if all facts can be known, 0 if none can, at a ratio or a capacity of 0.

    Raises:
        ValueError: an argument is out of its range.
    """
    not_negative("the capacity", capacity)

    def lacking(fraction: float) -> float:
        kept = facts.subsampled(fraction)
        return float(critical_capacity(broad, ratio, kept.frequency, kept.bits)) - capacity

    if lacking(1.0) <= 0:
        return 1.0
    quarter = capacity / 4  # enough for this fraction's facts, and for the broad domain to yield to their frequency
    easy = min(quarter / facts.bits, facts.frequency / float(threshold_frequency(broad, ratio, quarter)))
    return float(brentq(lacking, easy, 1.0, xtol=np.finfo(float).tiny)) if easy > 0 else 0.0
