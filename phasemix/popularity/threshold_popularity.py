"""The threshold popularity of a model: how popular facts must be for it to know most of them (paper A, Algorithm 1)."""

from typing import Literal, NamedTuple

import numpy as np

TARGET, TOLERANCE = 0.6, 5  # paper A's target accuracy and fault tolerance


class Threshold(NamedTuple):
    """The smallest popularity above which a model's accuracy meets the target.

    ``standing``: ``on`` the popularities asked about; ``below`` all of them, if the least popular facts are known well
    enough, so that ``popularity`` is a bound; or ``above``, if no part of the facts is, which has no popularity (NaN).
    """

    popularity: float
    standing: Literal["on", "above", "below"]


def threshold_popularity(
    popularity: np.ndarray,
    correct: np.ndarray,
    *,
    asked: np.ndarray | None = None,
    target: float = TARGET,
    tolerance: int = TOLERANCE,
) -> Threshold:
    """Go down from the most popular facts as long as accuracy on all facts so far meets the target.

    At every popularity, accuracy is that on all facts which are as popular or more. Chance may take it below the target
    for a while, so the search ends only when it was below for more than ``tolerance`` popularities in a row; the
    threshold is the last that met the target. (The paper names its fault tolerance a number of failures; that these are
    in a row is our reading.)

    Args:
        popularity: of every fact, such as page views or a frequency; positive, shape (n,).
        correct: whether it was answered, or how many questions about it were; shape (n,).
        asked: how many questions about it there were; None: one each.
        target: the accuracy to be met, above 0 and at most 1.
        tolerance: popularities in a row that may miss it.

    Raises:
        ValueError: there are no facts, or a popularity is not positive.
    """
    popularity, correct = (np.asarray(values, dtype=float) for values in (popularity, correct))
    asked = np.ones_like(correct) if asked is None else np.asarray(asked, dtype=float)
    if not len(popularity) or not (popularity > 0).all():
        raise ValueError("the threshold popularity needs facts of positive popularity")
    values, place = np.unique(-popularity, return_inverse=True)  # the most popular first
    right, all_asked = (np.cumsum(np.bincount(place, each)) for each in (correct, asked))
    met = right >= target * all_asked
    found, failures = -1, 0
    for i, good in enumerate(met):
        found, failures = (i, 0) if good else (found, failures + 1)
        if failures > tolerance:
            break
    if found < 0:
        return Threshold(float("nan"), "above")
    return Threshold(float(-values[found]), "below" if found == len(values) - 1 else "on")
