"""The law of size and threshold popularity, log M = a + b · log P, and the sizes that it infers (paper A, A-Fig 7c)."""

import math
import sys
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from phasemix.base.errors import PhasemixError

LEAST = 3  # sizes: a line through two has no scatter
LARGEST = math.log(sys.float_info.max)


@dataclass(frozen=True)
class PopularityLaw:
    """A straight line, fitted by least squares to models of known size.

    Attributes:
        intercept: a, where log P is at ``middle``; natural logarithms.
        slope: b.
        middle: the mean log P of the fitted sizes.
        spread: Σ (log P − middle)² over them.
        scatter: the standard deviation of log M around the line, of the means of sizes.
        within: that between models of one size, as far as their mean leaves it out; 0 where every size has one model.
        sizes: how many sizes were fitted.
        bend: the coefficient of (log P − middle)² if the line may bend, and the ends of its 95 % interval; NaN with
            three sizes.
    """

    intercept: float
    slope: float
    middle: float
    spread: float
    scatter: float
    within: float
    sizes: int
    bend: tuple[float, float, float]

    def size(self, popularity: float) -> float:
        """The parameters of a model with this threshold popularity; infinite where floats end."""
        return _exp(self._log_size(popularity))

    def interval(self, popularity: float, confidence: float) -> tuple[float, float]:
        """The interval in which the size of another model with this threshold popularity lies.

        That of a new observation in linear regression: it holds the scatter of the models around the line and the
        uncertainty of the line, which grows away from the fitted popularities. A single model scatters more than a mean
        over several of its size. Its ends are 0 and infinite where floats end.
        """
        away = math.log(popularity) - self.middle
        error = math.hypot(self.scatter * math.sqrt(1 + 1 / self.sizes + away**2 / self.spread), self.within)
        half = float(stdtrit(self.sizes - 2, (1 + confidence) / 2)) * error
        log_size = self._log_size(popularity)
        return _exp(log_size - half), _exp(log_size + half)

    def _log_size(self, popularity: float) -> float:
        return self.intercept + self.slope * (math.log(popularity) - self.middle)

    def slope_interval(self, confidence: float) -> tuple[float, float]:
        """The interval of the slope."""
        half = float(stdtrit(self.sizes - 2, (1 + confidence) / 2)) * self.scatter / math.sqrt(self.spread)
        return self.slope - half, self.slope + half


def _exp(logarithm: float) -> float:
    return math.exp(logarithm) if logarithm < LARGEST else math.inf


def fit_popularity_law(parameters: np.ndarray, popularity: np.ndarray) -> PopularityLaw:
    """Fit the law to models of known size.

    Models of the same size count once, by the mean of their log P: what makes one size lie off the line, such as how
    it was trained, they share.

    Args:
        parameters: of every model, shape (n,).
        popularity: their threshold popularities, shape (n,).

    Raises:
        PhasemixError: fewer than three sizes, or all have the same threshold popularity.
    """
    sizes, place = np.unique(np.asarray(parameters, dtype=float), return_inverse=True)
    if len(sizes) < LEAST:
        raise PhasemixError(
            f"a line needs {LEAST} different sizes whose threshold popularity is known, and there are {len(sizes)}"
        )
    x = np.bincount(place, np.log(popularity)) / np.bincount(place)
    y = np.log(sizes)
    middle, spread = float(x.mean()), float(np.square(x - x.mean()).sum())
    if spread == 0:
        raise PhasemixError("all models of known size have the same threshold popularity, which says nothing of size")
    slope = float(((x - middle) * (y - y.mean())).sum() / spread)
    residual = y - y.mean() - slope * (x - middle)
    scatter = math.sqrt(float(np.square(residual).sum()) / (len(sizes) - 2))
    models = np.bincount(place)
    freedom = int((models - 1).sum())
    squares = float(np.square(np.log(popularity) - x[place]).sum())
    within = abs(slope) * math.sqrt(squares / freedom * float((1 - 1 / models).mean())) if freedom else 0.0
    return PopularityLaw(float(y.mean()), slope, middle, spread, scatter, within, len(sizes), _bend(x - middle, y))


def _bend(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """The coefficient of x² in a parabola through (x, y), and its 95 % interval."""
    freedom = len(x) - 3
    if freedom < 1:
        return math.nan, math.nan, math.nan
    columns = np.stack([np.ones_like(x), x, x**2], axis=1)
    found = np.linalg.lstsq(columns, y)[0]
    variance = float(np.square(y - columns @ found).sum()) / freedom
    half = float(stdtrit(freedom, 0.975)) * math.sqrt(variance * float(np.linalg.inv(columns.T @ columns)[2, 2]))
    return float(found[2]), float(found[2]) - half, float(found[2]) + half
