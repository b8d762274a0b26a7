"""How far what a law is asked about lies outside the runs that it was fitted on.

Nobody has measured what a law says out there, and an exponential law near a corner of the simplex can be wrong by a
factor of a thousand. So every prediction says how far outside it lies.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from phasemix.fitting.runs import AXES, Runs

HEAVY = 1e3  # weight of the condition that shares sum to 1, among proportions
FAR = 0.05  # of a mixture's weight, from which it counts as outside; a hull of few points in many domains is thin
SAME = 1.01  # factor within which two steps or sizes are one


@dataclass(frozen=True)
class Outside:
    """Of every row that is asked about.

    Attributes:
        mixture: the part of the mixture's weight that would have to move to another domain for it to be a blend of the
            fitted mixtures, shape (n,).
        step, size: the factor by which it lies beyond the fitted ones, 1 within them, shape (n,); None if the law does
            not depend on them.
    """

    mixture: np.ndarray
    step: np.ndarray | None
    size: np.ndarray | None

    @property
    def flags(self) -> list[str]:
        """What lies outside, such as ``mixture, size``, row by row; empty where nothing does."""
        out = {"mixture": self.mixture > FAR}
        out |= {axis: found > SAME for axis in AXES if (found := getattr(self, axis)) is not None}
        return [
            ", ".join(name for name, far in zip(out, row, strict=True) if far)
            for row in zip(*out.values(), strict=True)
        ]


def outside(fitted: Runs, asked: Runs, axes: tuple[str, ...]) -> Outside:
    """How far ``asked`` lies outside ``fitted``, of whose axes a law depends on ``axes``."""
    asked = asked.aligned(fitted.domains)
    factors = {axis: _beyond(getattr(fitted, axis), getattr(asked, axis)) if axis in axes else None for axis in AXES}
    return Outside(_to_hull(np.unique(fitted.mixture, axis=0), asked.mixture), **factors)


def _to_hull(points: np.ndarray, mixtures: np.ndarray) -> np.ndarray:
    """Half the sum of absolute differences to the nearest blend (in the squares) of points (p, m); shape (n,)."""
    blend = np.vstack([points.T, np.full(len(points), HEAVY)])
    each, which = np.unique(mixtures, axis=0, return_inverse=True)
    near = np.stack([points.T @ nnls(blend, np.append(mixture, HEAVY))[0] for mixture in each])
    return np.asarray(0.5 * np.abs(near - each).sum(axis=1)[which.ravel()])


def _beyond(fitted: np.ndarray, asked: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(1, np.maximum(asked / fitted.max(), fitted.min() / asked)))
