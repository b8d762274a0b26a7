"""Whether shares rise as at a threshold or along a smooth curve: by how well each predicts what was held out.

Along a positive quantity x, such as the mixing ratio, the share y that is known is described by five shapes. Two of
them have a threshold:

- ``steep``: y = 1 / (1 + (x₀ / x)^k), a sigmoid in ln x with a slope k of :data:`CLIFF` or more: from .1 to .6 within a
  factor of 1.9 in x. Paper A's own 70M model does so within 1.5 (A-Table 1);
- ``knapsack``: y rises from 0 at v₀ as 1 − (v₀ / v)^q, multiplied so that it is 1 at v₀·e^(1/k): the share that a
  learner of bounded capacity knows while capacity goes from everything else to the facts
  (:mod:`phasemix.theory.bounded_learner`). Along ratios, v is the odds r / (1 − r) and q = 1 / (α + 1); along sizes,
  v is the size and q = −1.

and three have none:

- ``gentle``: the same sigmoid with a smaller slope, such as Hill's curves of exponent 2 or 3;
- ``power``: y = min(1, (x / x₀)^k), a power law with a free exponent;
- ``saturation``: y = 1 − exp(−x / x₀), what is learned if every exposure teaches a fact with the same chance.

At fixed training tokens exposures are proportional to the mixing ratio, so a curve in one is a curve in the other.

**Score.** Each x is held out in turn, the shape is fitted to the others, and its prediction scored by the cross-entropy
−y ln ŷ − (1 − y) ln(1 − ŷ) in nats, less that of ŷ = y; ŷ is kept :data:`SURE` away from 0 and 1. The score is the mean
over x; less is better. Fits minimise the same over a grid of parameters, so they are global and the same on every
machine. **Intervals** of differences of scores are percentiles over the resamples that the caller gives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from phasemix.analysis.critical_points import percentile_interval

SURE = 0.01
SLOPES = np.geomspace(0.5, 32, 31)
CLIFF = 4.0  # slope of a sigmoid from which it counts as a threshold
PLACES = 81  # of x₀ and v₀, even in the logarithm, from a quarter of the smallest to four times the largest
THRESHOLDS = ("steep", "knapsack")
SMOOTH = ("gentle", "power", "saturation")

Shape = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From ln(x / x₀) and the slope k, which are broadcast, to y before it is kept within 0 and 1."""


def shapes(power: float) -> Mapping[str, Shape]:
    """All shapes by name; ``power`` is the knapsack's q."""

    def sigmoid(distance: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-np.clip(slope * distance, -50, 50)))

    def knapsack(distance: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return -np.expm1(-power * distance) / -np.expm1(-power / slope)

    def power_law(distance: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return np.exp(np.clip(slope * distance, -50, 0))

    def saturation(distance: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return -np.expm1(-np.exp(np.clip(distance, -50, 4))) * np.ones_like(slope)

    return {
        "steep": sigmoid, "gentle": sigmoid, "knapsack": knapsack, "power": power_law, "saturation": saturation
    }  # fmt: skip


def slopes_of(shape: str) -> np.ndarray:
    """The slopes that a shape may have."""
    steep = SLOPES > CLIFF * (1 - 1e-9)
    return {"steep": SLOPES[steep], "gentle": SLOPES[~steep]}.get(shape, SLOPES)


@dataclass(frozen=True)
class Fit:
    """A fitted shape: where it stands, x₀ (v₀), and its slope k, which means nothing for ``saturation``."""

    place: float
    slope: float


@dataclass(frozen=True)
class Comparison:
    """Shares along x under every shape.

    Attributes:
        x: positive, rising, shape (n,), at least 4 of them.
        y: the shares, shape (n,); outside 0 … 1 they count as 0 or 1.
        resampled: resamples of them, shape (resamples, n).
        knapsack: its v, which rises with x, shape (n,), and its q.
        confidence: of the intervals.

    Raises:
        ValueError: fewer than 4 points, or x not rising from above 0.
    """

    x: np.ndarray
    y: np.ndarray
    resampled: np.ndarray
    knapsack: tuple[np.ndarray, float]
    confidence: float

    def __post_init__(self) -> None:
        if len(self.x) < 4:
            raise ValueError(f"{len(self.x)} points cannot tell a cliff from a curve: at least 4 are needed")
        if self.x[0] <= 0 or (np.diff(self.x) <= 0).any():
            raise ValueError("x must rise from above 0")

    def fit(self, shape: str) -> Fit:
        """The shape fitted to all points."""
        slopes = slopes_of(shape)
        place, slope = np.unravel_index(int(self._likelihood(shape).argmax()), (PLACES, len(slopes)))
        return Fit(float(np.exp(self._places(shape)[place])), float(slopes[slope]))

    @property
    def sigmoid(self) -> Fit:
        """The better of both sigmoids."""
        return self.fit(max("steep", "gentle", key=lambda shape: self._likelihood(shape).max()))

    def _likelihood(self, shape: str) -> np.ndarray:
        """Of all points, for every pair of place and slope; shape (pairs,)."""
        known, unknown = self._logs[shape]
        y = self._shares(self.y)
        return np.asarray(known @ y + unknown @ (1 - y))

    def predicted(self, shape: str, at: np.ndarray) -> np.ndarray:
        """What the fitted shape says at other x, for the knapsack at other v."""
        fit = self.fit(shape)
        return np.clip(shapes(self.knapsack[1])[shape](np.log(at / fit.place), np.array(fit.slope)), 0, 1)

    def score(self, shape: str) -> float:
        """The held-out score of a shape (see above)."""
        return float(self._scores[shape][0])

    @property
    def advantage(self) -> tuple[float, float, float]:
        """How much better the better threshold is held out than the better smooth curve, with its interval."""
        least = [np.min([self._scores[shape] for shape in kind], axis=0) for kind in (SMOOTH, THRESHOLDS)]
        difference = least[0] - least[1]
        return float(difference[0]), *percentile_interval(difference[1:], self.confidence)

    @cached_property
    def _scores(self) -> dict[str, np.ndarray]:
        """Every shape's held-out score: of the shares, then of every resample; shape (1 + resamples,)."""
        y = self._shares(np.concatenate([self.y[None], self.resampled]))
        least = -(y * np.log(np.clip(y, SURE, 1)) + (1 - y) * np.log(np.clip(1 - y, SURE, 1)))
        return {shape: (self._held_out(shape, y) - least).mean(axis=1) for shape in self._logs}

    def _held_out(self, shape: str, y: np.ndarray) -> np.ndarray:
        """The cross-entropy at every x of the shape that is fitted to the others; y and the result (lines, n)."""
        known, unknown = self._logs[shape]
        everything = y @ known.T + (1 - y) @ unknown.T  # minus that of every pair of parameters, (lines, pairs)
        found = np.empty_like(y)
        for i, line in enumerate(y.T):
            own = line[:, None] * known[:, i] + (1 - line[:, None]) * unknown[:, i]
            best = (everything - own).argmax(axis=1)
            found[:, i] = -own[np.arange(len(y)), best]
        return found

    @cached_property
    def _logs(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Of every shape, ln ŷ and ln(1 − ŷ) for every pair of place and slope; shape (pairs, n)."""
        found = {}
        for name, shape in shapes(self.knapsack[1]).items():
            distance = np.log(self._along(name)) - self._places(name)[:, None, None]
            y = np.clip(shape(distance, slopes_of(name)[:, None]), SURE, 1 - SURE).reshape(-1, len(self.x))
            found[name] = np.log(y), np.log1p(-y)
        return found

    def _along(self, shape: str) -> np.ndarray:
        return self.knapsack[0] if shape == "knapsack" else self.x

    def _places(self, shape: str) -> np.ndarray:
        """Of x₀, as logarithms."""
        along = self._along(shape)
        return np.linspace(np.log(along[0] / 4), np.log(along[-1] * 4), PLACES)

    @staticmethod
    def _shares(y: np.ndarray) -> np.ndarray:
        return np.clip(y, 0, 1)
