"""How T, the tokens to an accuracy, grows as the mixing ratio r falls: the laws of A-Fig 3 and A's appendix E.5.

=============== ==================== =================================
``exponential`` T = A·exp(B/r)       log T = log A + B·(1/r)
``power``       T = C·r^−D           log T = log C + D·log(1/r)
linear          T = a + b/r          on the larger ratios, r > .4 in A
=============== ==================== =================================

The two laws are straight lines in log T and are fitted by least squares there; R² is that of log T. Intervals are
Student's and exact if log T is normal around the line with the same variance everywhere. Only ratios at which the
accuracy was attained between two horizons are fitted: a bound is no value. So a law is fitted to the easier ratios,
and :func:`extrapolate` says what the others hold against it.

**Units of the published fits.** Logarithms are natural and T is in billions of tokens, for A prints log A = −.25512 and
B = 1.5137, and both laws then give 34 and 37 at r = .4, where A-Table 1 has 40.4 % after 32 billion. The printed
C = .098158 must be log C: as C itself it would give 3.3 there, while C = exp(.098158) lies within 11 % of the
exponential law at all five ratios that A fitted. Points of that law at these ratios have log C = .130 and D = 3.81,
where A prints .098158 and 3.83878.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from itertools import compress
from operator import itemgetter
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from phasemix.analysis.tokens_to_accuracy import TokensToAccuracy
from phasemix.base.errors import PhasemixError

Form = Literal["exponential", "power"]

ABSCISSAE: dict[Form, Callable[[np.ndarray], np.ndarray]] = {
    "exponential": lambda ratios: 1 / ratios,
    "power": lambda ratios: -np.log(ratios),
}
"""What log T is a straight line of, as a function of r."""

SIGNS = {"attained": "", "censored": "> ", "before": "< "}
ROUNDINGS = {"attained": ROUND_HALF_EVEN, "censored": ROUND_FLOOR, "before": ROUND_CEILING}  # bounds stay true


@dataclass(frozen=True)
class Line:
    """A straight line through n points by ordinary least squares.

    Attributes:
        intercept, slope: of y over x.
        r_squared: the share of the variance of y that it explains; NaN if y has none.
        noise: standard deviation of y around it, of n − 2 degrees of freedom.
        points: n.
        centre: mean of x.
        spread: sum of (x − centre)².
    """

    intercept: float
    slope: float
    r_squared: float
    noise: float
    points: int
    centre: float
    spread: float

    def values(self, x: np.ndarray) -> np.ndarray:
        """Y on the line at x; shapes (n,)."""
        return self.intercept + self.slope * x

    def intercept_interval(self, confidence: float) -> tuple[float, float]:
        """Student's interval of the intercept."""
        half = self._quantile(confidence) * np.sqrt(1 / self.points + self.centre**2 / self.spread)
        return float(self.intercept - half), float(self.intercept + half)

    def slope_interval(self, confidence: float) -> tuple[float, float]:
        """Student's interval of the slope."""
        half = self._quantile(confidence) / np.sqrt(self.spread)
        return float(self.slope - half), float(self.slope + half)

    def prediction_interval(self, x: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """The two ends between which one new y at x will lie; shapes (n,)."""
        half = self._quantile(confidence) * np.sqrt(1 + 1 / self.points + (x - self.centre) ** 2 / self.spread)
        return self.values(x) - half, self.values(x) + half

    def _quantile(self, confidence: float) -> float:
        """Student's quantile of y around the line."""
        return float(stdtrit(self.points - 2, (1 + confidence) / 2)) * self.noise


def fit_line(x: np.ndarray, y: np.ndarray, name: str) -> Line:
    """The least-squares line through points, shapes (n,).

    Raises:
        PhasemixError: x has fewer than three values, which ``name`` names.
    """
    if len(np.unique(x)) < 3:
        raise PhasemixError(f"{len(np.unique(x))} different {name}: a line and its intervals need 3 or more")
    centre, spread = x.mean(), np.square(x - x.mean()).sum()
    slope = ((x - centre) * y).sum() / spread
    intercept = y.mean() - slope * centre
    unexplained, total = np.square(y - intercept - slope * x).sum(), np.square(y - y.mean()).sum()
    return Line(
        intercept=float(intercept),
        slope=float(slope),
        r_squared=float(1 - unexplained / total) if total > 0 else np.nan,
        noise=float(np.sqrt(unexplained / (len(x) - 2))),
        points=len(x),
        centre=float(centre),
        spread=float(spread),
    )


@dataclass(frozen=True)
class HorizonLaw:
    """A fitted law of T.

    Attributes:
        form: ``exponential`` or ``power``.
        line: of log T; its intercept is log A or log C, its slope B or D.
    """

    form: Form
    line: Line

    def tokens(self, ratios: np.ndarray) -> np.ndarray:
        """T at mixing ratios, in the unit of the fitted T; shapes (n,), infinite beyond the largest number."""
        with np.errstate(over="ignore"):
            return np.exp(self.line.values(ABSCISSAE[self.form](ratios)))

    def interval(self, ratios: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """The two ends between which one new measurement of T will lie; shapes (n,)."""
        low, high = self.line.prediction_interval(ABSCISSAE[self.form](ratios), confidence)
        with np.errstate(over="ignore"):
            return np.exp(low), np.exp(high)


@dataclass(frozen=True)
class HeldOut:
    """A measured T, or its bound, beside what a law predicts that has not seen it.

    Attributes:
        ratio: the mixing ratio.
        measured: T or its bound.
        predicted: T by the law.
        low, high: between which one measurement will lie by the law.
    """

    ratio: float
    measured: TokensToAccuracy
    predicted: float
    low: float
    high: float

    @property
    def quotient(self) -> float:
        """Measured T, or its bound, over predicted T."""
        return self.measured.tokens / self.predicted

    @property
    def text(self) -> str:
        """The quotient with two digits, such as ``1.3×``, or ``> 2.9×`` if T is more than was trained for."""
        context = Context(prec=2, rounding=ROUNDINGS[self.measured.standing])
        digits = context.create_decimal(repr(float(self.quotient)))
        return f"{SIGNS[self.measured.standing]}{digits:f}×"

    @property
    def contradicts(self) -> bool:
        """Whether T lies outside the law's interval; a bound does so only if all that it leaves open does."""
        above, below = self.measured.tokens > self.high, self.measured.tokens < self.low
        return {"attained": above or below, "censored": above, "before": below}[self.measured.standing]


def fit_horizon_law(form: Form, ratios: np.ndarray, measured: Sequence[TokensToAccuracy]) -> HorizonLaw:
    """Fit a law to the attained T of mixing ratios, shapes (n,).

    Raises:
        PhasemixError: a ratio is not positive, or fewer than three have an attained T.
    """
    ratios, tokens = _attained(ratios, measured)
    return HorizonLaw(form, fit_line(ABSCISSAE[form](ratios), np.log(tokens), "ratios with an attained T"))


def fit_linear(ratios: np.ndarray, measured: Sequence[TokensToAccuracy], above: float) -> Line:
    """T = a + b/r through the attained T of the ratios above one, as A finds for r > .4; R² is that of T itself.

    Raises:
        PhasemixError: a ratio is not positive, or fewer than three above have an attained T.
    """
    ratios, tokens = _attained(ratios, measured)
    upper = ratios > above
    return fit_line(1 / ratios[upper], tokens[upper], f"ratios above {above:g} with an attained T")


def compare(law: HorizonLaw, ratio: float, measured: TokensToAccuracy, confidence: float) -> HeldOut:
    """What T, or its bound, measured at a ratio that the law has not seen says of the law."""
    at = np.array([ratio])
    (low,), (high,) = law.interval(at, confidence)
    return HeldOut(float(ratio), measured, float(law.tokens(at)[0]), float(low), float(high))


def leave_one_ratio_out(
    form: Form, ratios: np.ndarray, measured: Sequence[TokensToAccuracy], confidence: float
) -> list[HeldOut]:
    """Every attained T beside the law that all other ratios have, smallest ratio first.

    Raises:
        PhasemixError: a ratio is not positive, or fewer than four have an attained T.
    """
    ratios, tokens = _attained(ratios, measured)
    attained = [TokensToAccuracy(float(value)) for value in tokens]
    found = []
    for ratio in np.unique(ratios):
        others = ratios != ratio
        law = fit_horizon_law(form, ratios[others], list(compress(attained, others)))
        found += [compare(law, ratio, one, confidence) for one in compress(attained, ~others)]
    return found


def extrapolate(
    form: Form, ratios: np.ndarray, measured: Sequence[TokensToAccuracy], fitted_from: float, confidence: float
) -> list[HeldOut]:
    """Every T or bound at a ratio below ``fitted_from`` beside the law of the others, smallest ratio first.

    Raises:
        PhasemixError: a ratio is not positive, or fewer than three of the others have an attained T.
    """
    larger = ratios >= fitted_from
    law = fit_horizon_law(form, ratios[larger], list(compress(measured, larger)))
    smaller = [(float(ratio), one) for ratio, one in zip(ratios, measured, strict=True) if ratio < fitted_from]
    return [compare(law, ratio, one, confidence) for ratio, one in sorted(smaller, key=itemgetter(0))]


def log_error(held_out: Sequence[HeldOut]) -> float:
    """The root mean square of log(measured / predicted) over attained T; NaN if there is none."""
    logs = [np.log(one.quotient) for one in held_out if one.measured.standing == "attained"]
    return float(np.sqrt(np.mean(np.square(logs)))) if logs else np.nan


def _attained(ratios: np.ndarray, measured: Sequence[TokensToAccuracy]) -> tuple[np.ndarray, np.ndarray]:
    """The ratios with an attained T, and T; shapes (n,)."""
    if (ratios <= 0).any():
        raise PhasemixError(f"a mixing ratio of {ratios.min():g} shows nothing to learn; leave it out")
    attained = np.array([one.standing == "attained" for one in measured], bool)
    return ratios[attained], np.array([one.tokens for one in measured], float)[attained]
