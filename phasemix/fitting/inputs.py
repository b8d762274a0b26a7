"""What formulas are evaluated at."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Inputs:
    """The points of ``b`` problems (loss domains, or starts of their fits) with ``n`` rows; ``m`` mixture domains.

    Attributes:
        mixture: proportions, shape (n, m).
        own: each problem's own proportion, shape (b, n); None where the formula has no use for it.
        step: steps or tokens, shape (n,); None where they have no bearing.
        size: parameters of the model, shape (n,); None where they have no bearing.
    """

    mixture: np.ndarray
    own: np.ndarray | None
    step: np.ndarray | None
    size: np.ndarray | None

    def problems(self, which: np.ndarray) -> "Inputs":
        """The inputs of some of the problems."""
        return replace(self, own=None if self.own is None else self.own[which])

    def rows(self, index: np.ndarray) -> "Inputs":
        """Some of the rows of every problem."""
        return Inputs(
            self.mixture[index],
            None if self.own is None else self.own[:, index],
            None if self.step is None else self.step[index],
            None if self.size is None else self.size[index],
        )


@dataclass(frozen=True)
class Scale:
    """One step and one size; None where the formula has no term for it."""

    step: float | None
    size: float | None


def log_proportions(mixture: np.ndarray) -> np.ndarray:
    """Ln r, and for r = 0 a number so low that every power of r that a law uses is 0."""
    return np.log(np.where(mixture > 0, mixture, 1)) + np.where(mixture > 0, 0.0, -1e6)
