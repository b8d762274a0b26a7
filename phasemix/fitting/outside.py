"""How far what a law is asked about lies outside the runs that it was fitted on.

Nobody has measured what a law says out there, and an exponential law near a corner of the simplex can be wrong by a
factor of a thousand. So every prediction says how far outside it lies, whether the law depends on it or not.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from phasemix.fitting.runs import AXES, Runs

HEAVY = 1e3  # weight of the condition that shares sum to 1, among proportions
FAR = 0.05  # of a mixture's weight, from which it counts as outside; a hull of few points in many domains is thin
TIMES = 1.5  # beyond all fitted proportions of a domain, from which a mixture counts as outside
SAME = 1.01  # factor within which two steps or sizes are one


@dataclass(frozen=True)
class Outside:
    """Of every row that is asked about.

    Attributes:
        mixture: the part of the mixture's weight that would have to move to another domain for it to be a blend of the
            fitted mixtures, shape (n,).
        proportion: the greatest factor by which a domain's proportion lies beyond all fitted ones, 1 within them,
            infinite where it is 0 and none of these is, or the other way round; shape (n,).
        step: the factor by which it lies beyond the steps of fitted runs, 1 within them, shape (n,): beyond the last of
            those that are as large or larger, before the first of those that are as small or smaller. None if the
            fitted runs, or those that are asked about, have no steps.
        size: the factor by which it lies beyond the fitted sizes, in the same way.
    """

    mixture: np.ndarray
    proportion: np.ndarray
    step: np.ndarray | None
    size: np.ndarray | None

    @property
    def flags(self) -> list[str]:
        """What lies outside, such as ``mixture, size``, row by row; empty where nothing does."""
        out = {"mixture": (self.mixture > FAR) | (self.proportion > TIMES)}
        out |= {axis: found > SAME for axis in AXES if (found := getattr(self, axis)) is not None}
        return [
            ", ".join(name for name, far in zip(out, row, strict=True) if far)
            for row in zip(*out.values(), strict=True)
        ]


def outside(fitted: Runs, asked: Runs) -> Outside:
    """How far ``asked`` lies outside ``fitted``."""
    asked = asked.aligned(fitted.domains)
    return Outside(
        _to_hull(np.unique(fitted.mixture, axis=0), asked.mixture),
        _beyond(fitted.mixture.min(axis=0), fitted.mixture.max(axis=0), asked.mixture).max(axis=1),
        steps_beyond(fitted, asked),
        sizes_beyond(fitted, asked),
    )


def sizes_beyond(fitted: Runs, asked: Runs) -> np.ndarray | None:
    """See :attr:`Outside.size`."""
    if fitted.size is None or asked.size is None:
        return None
    return _beyond(fitted.size.min(), fitted.size.max(), asked.size)


def steps_beyond(fitted: Runs, asked: Runs) -> np.ndarray | None:
    """See :attr:`Outside.step`."""
    if fitted.step is None or asked.step is None:
        return None
    if fitted.size is None or asked.size is None:
        return _beyond(fitted.step.min(), fitted.step.max(), asked.step)
    found = np.empty(len(asked))
    for i, size in enumerate(asked.size):
        larger = fitted.size >= min(size / SAME, fitted.size.max())
        smaller = fitted.size <= max(size * SAME, fitted.size.min())
        found[i] = _beyond(fitted.step[smaller].min(), fitted.step[larger].max(), asked.step[i])
    return found


def _to_hull(points: np.ndarray, mixtures: np.ndarray) -> np.ndarray:
    """Half the sum of absolute differences to the nearest blend (in the squares) of points (p, m); shape (n,)."""
    blend = np.vstack([points.T, np.full(len(points), HEAVY)])
    each, which = np.unique(mixtures, axis=0, return_inverse=True)
    near = np.stack([points.T @ nnls(blend, np.append(mixture, HEAVY))[0] for mixture in each])
    return np.asarray(0.5 * np.abs(near - each).sum(axis=1)[which.ravel()])


def _beyond(least: np.ndarray, most: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """By what factor numbers lie beyond the least or the most; 1 between them."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nanmax(np.stack([np.ones_like(asked * least), asked / most, least / asked]), axis=0))
