"""T(r): how many tokens it takes at one mixing ratio until accuracy reaches a level, as in A-Fig 3.

Accuracy is measured at rising horizons. T is where its isotonic (non-decreasing least-squares) regression crosses the
level, interpolated linearly in log tokens (:func:`phasemix.analysis.critical_points.crossing`). Where the level is not
crossed between two horizons, the measurement still bounds T, and says on which side.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from phasemix.analysis.critical_points import crossing
from phasemix.base.errors import PhasemixError

Standing = Literal["attained", "censored", "before"]


@dataclass(frozen=True)
class TokensToAccuracy:
    """T, or a bound of it.

    Attributes:
        tokens: T, in the unit of the horizons.
        standing: ``attained``; ``censored`` if the level was not reached, so that T is more than ``tokens``, the
            longest horizon; ``before`` if the shortest horizon reaches it, so that T is at most ``tokens``, that one.
    """

    tokens: float
    standing: Standing = "attained"


def tokens_to_accuracy(tokens: np.ndarray, accuracy: np.ndarray, level: float) -> TokensToAccuracy:
    """The tokens at which ``accuracy`` reaches ``level``.

    Args:
        tokens: the horizons, positive and rising, shape (n,).
        accuracy: at each of them, over all seeds and people, shape (n,); NaN is left out.
        level: of accuracy.

    Raises:
        PhasemixError: no accuracy is known, or the horizons do not rise.
    """
    known = np.isfinite(accuracy)
    if not known.any():
        raise PhasemixError(f"tokens to {level:g} accuracy: no horizon has an accuracy; leave this ratio out")
    if tokens[0] <= 0 or (np.diff(tokens) <= 0).any():
        raise PhasemixError(
            f"tokens to {level:g} accuracy: the horizons {', '.join(f'{value:g}' for value in tokens)} do not rise "
            "from above 0; sort them and average the seeds of each"
        )
    reached = crossing(tokens, accuracy, level)
    if reached == 0:
        return TokensToAccuracy(float(tokens[known][0]), "before")
    if reached == np.inf:
        return TokensToAccuracy(float(tokens[known][-1]), "censored")
    return TokensToAccuracy(reached)
