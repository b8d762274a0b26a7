"""Laws that are formulas: how any of them is fitted, and how sure its parameters are.

A formula's module gives its parameters, its values with their gradients, and where fits may start;
the rest is here. All loss domains are fitted in one batch, each from many starts.

**Intervals** are Student's, from the covariance (JᵀJ)⁻¹ Jᵀ diag(e²/(1−h)²) J (JᵀJ)⁻¹ (HC3: it
holds for errors of any size, which relative noise has), J being the weighted gradient and h its
leverages, e the residuals or, under Huber's loss, its slopes over the share of rows within its
threshold; of positive parameters on their logarithm. Rows count as independent. A direction in
which J vanishes is one the runs say nothing about: parameters that lie along it are stated as not
identified and have no interval, nor do positive parameters that might be 10⁴ times as large.
Predictions, on which such a direction has no bearing, keep theirs.
"""

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy.stats import qmc
from scipy.stats import t as student

from phasemix.base.seeds import named_seed
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law, require_mixtures
from phasemix.fitting.runs import MIX, Runs
from phasemix.fitting.solver import FULL, ROUGH, Effort, minimise

if TYPE_CHECKING:  # the import takes a second
    import cvxpy as cp

STARTS = 16
SCREENED_ROWS = 512  # starts are tried on so many rows, roughly;
POLISHED = 2  # so many of them are then fitted on all
NUMBERS_AT_ONCE = 20_000_000  # of gradients held in memory
UNIDENTIFIED = 1e-7  # of the largest singular value of the scaled gradient
WIDEST = np.log(1e4)  # half an interval of a positive parameter; wider ones identify nothing
AXES = ("step", "size")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a formula.

    Attributes:
        name: as in the equation.
        low: least value.
        high: greatest value.
        log: positive, and fitted as its logarithm.
    """

    name: str
    low: float
    high: float
    log: bool = False


@dataclass(frozen=True)
class Inputs:
    """What a formula is evaluated at: ``b`` problems of ``n`` rows; ``m`` mixture domains.

    Attributes:
        mixture: shape (n, m).
        own: each problem's own proportion, shape (b, n), or None.
        step: shape (n,) or (b, n), None where it has no bearing.
        size: the same.
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
    """One step and size, None where the formula has no term for it."""

    step: float | None
    size: float | None


class Parametric(Law):
    """A law given by a formula for each loss domain.

    Class attributes:
        needs: ``own`` (the domain's own proportion), ``step``, ``size``.
        uses: of ``step`` and ``size``, those that the formula has terms for where they vary.
        positive_own: whether an own proportion of zero is outside the formula; such proportions
            then count as half the smallest positive one of the runs, which the notes say.
        huber: the threshold of Huber's loss, in nats, where the source uses it.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    uses: ClassVar[tuple[str, ...]] = ()
    positive_own: ClassVar[bool] = False
    huber: ClassVar[float | None] = None

    @abstractmethod
    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:
        """The parameters for these mixture domains, where these of ``step`` and ``size`` vary."""

    @abstractmethod
    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """Values (b, n) and their gradients (b, n, p) at parameters of shape (b, p)."""

    @abstractmethod
    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Parameters to start from, shape (b, starts, p), for losses (b, n) and uniform numbers (starts, 4)."""

    @abstractmethod
    def expression(
        self, p: np.ndarray, r: "cp.Variable", own: "cp.Expression | None", scale: "Scale"
    ) -> "cp.Expression":
        """The formula of one domain for CVXPY, parameters (p,), to be minimised over the mixture r.

        Where it follows CVXPY's rules of convex programming, the law is convex in the mixture.
        """

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:  # noqa: ARG002
        """Parameters (b, p) for an axis in its own units, given those for the axis divided by its reference.

        Fits run on axes divided by their geometric means, which keeps them well conditioned.
        """
        return p

    def prior(self, parameters: tuple[Parameter, ...]) -> np.ndarray | None:  # noqa: ARG002 - most have none
        """The precision of a Gaussian prior on the fitted numbers (logarithms of positive ones), shape (p, p).

        It weighs as much as the noise that a fit without it leaves: without noise it says nothing.
        """
        return None

    def weights(self, y: np.ndarray) -> np.ndarray:
        """Weights of the residuals, the shape of the losses."""
        return np.ones_like(y)

    def fit(self, runs: Runs, seed: int = 0) -> "ParametricFit":
        """Fit every loss domain; see :meth:`Law.fit`."""
        targets, skipped = self._targets(runs)
        runs = runs.of_targets(targets)
        axes = tuple(axis for axis in AXES if axis in self.uses and runs.varies(axis))
        for axis in AXES:
            if axis in self.needs and axis not in axes:
                raise InapplicableError(self.name, f"needs a column {axis} with more than one value")
        require_mixtures(self, runs)
        parameters = self.parameters(runs.domains, axes)
        if len(runs) <= len(parameters):
            problem = f"has {len(parameters)} parameters a domain and needs more rows than that; there are {len(runs)}"
            raise InapplicableError(self.name, problem)
        floors = self._floors(runs)
        fit = ParametricFit(self, runs, skipped, [], axes, floors)
        solution = self._solve(fit.inputs(runs), runs.loss.T, parameters, axes, seed)
        fit.theta, fit.converged, fit.noise = solution.theta, solution.converged[:, 0], solution.noise
        fit.notes.extend(fit.statements())
        return fit

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "ParametricFit":
        """See :meth:`Law.restore`."""
        floors = None if state["floors"] is None else np.array(state["floors"])
        numbers = {name: np.array(state[name]) for name in ("theta", "converged", "noise")}
        return ParametricFit(self, runs, skipped, notes, tuple(state["axes"]), floors, **numbers)

    def _targets(self, runs: Runs) -> tuple[tuple[str, ...], dict[str, str]]:
        """The loss domains that the law can be fitted on, and the others with the reason."""
        if "own" not in self.needs:
            return runs.targets, {}
        lost = {name: f"needs its own proportion, {MIX}{name}" for name in runs.targets if name not in runs.domains}
        kept = tuple(name for name in runs.targets if name not in lost)
        if not kept:
            raise InapplicableError(self.name, "needs the domains' own proportions; no loss domain has a mix column")
        for name in kept:
            if len(np.unique(runs.mixture[:, runs.domains.index(name)])) == 1:
                lost[name] = "its own proportion never varies"
        kept = tuple(name for name in kept if name not in lost)
        if not kept:
            require_mixtures(self, runs)
            raise InapplicableError(self.name, "needs own proportions that vary; none does")
        return kept, lost

    def _floors(self, runs: Runs) -> np.ndarray | None:
        if not self.positive_own:
            return None
        own = runs.own(runs.targets)
        return 0.5 * np.where(own > 0, own, np.inf).min(axis=1)

    def _solve(
        self, x: Inputs, y: np.ndarray, parameters: tuple[Parameter, ...], axes: tuple[str, ...], seed: int
    ) -> "_Ranked":
        """The best fit of every problem over all starts: parameters (b, p), in the axes' own units."""
        reference = {axis: float(np.exp(np.log(getattr(x, axis)).mean())) for axis in axes}
        x = replace(x, **{axis: getattr(x, axis) / reference[axis] for axis in axes})
        u = qmc.Sobol(4, rng=np.random.default_rng(named_seed(seed, self.name, "starts"))).random(STARTS)
        start = to_theta(self.starts(x, y, u), parameters)
        rows = np.random.default_rng(named_seed(seed, self.name, "rows")).permutation(y.shape[1])[:SCREENED_ROWS]
        nothing = np.zeros(len(y))
        screened = self._ranked(x.rows(rows), y[:, rows], start, parameters, nothing, effort=ROUGH)
        best = self._ranked(x, y, screened.theta[:, :POLISHED], parameters, nothing, effort=FULL)
        if self.prior(parameters) is not None:
            noise = 2 * best.cost[:, 0] / (y.shape[1] - len(parameters))
            best = self._ranked(x, y, best.theta[:, :1], parameters, noise, effort=FULL)
        theta = best.theta[:, 0]
        if axes:
            theta = to_theta(self.in_own_units(from_theta(theta, parameters), reference), parameters)
        return replace(best, theta=theta)

    def _ranked(
        self,
        x: Inputs,
        y: np.ndarray,
        start: np.ndarray,
        parameters: tuple[Parameter, ...],
        noise: np.ndarray,
        *,
        effort: Effort,
    ) -> "_Ranked":
        """Solutions from starts (b, starts, p), every problem's best first, the prior weighed by ``noise`` (b,)."""
        problems, starts, count = start.shape
        low, high = to_theta(np.array([[p.low for p in parameters], [p.high for p in parameters]]), parameters)
        owner, flat = np.repeat(np.arange(problems), starts), start.reshape(-1, count)
        weight, prior = self.weights(y), self.prior(parameters)
        chunk = max(1, NUMBERS_AT_ONCE // (y.shape[1] * count))
        found = []
        for first in range(0, len(flat), chunk):
            mine = owner[first : first + chunk]

            def model(theta: np.ndarray, which: np.ndarray, mine: np.ndarray = mine) -> tuple[np.ndarray, np.ndarray]:
                return self.values(theta, x.problems(mine[which]), parameters)

            found.append(
                minimise(
                    model,
                    y[mine],
                    weight[mine],
                    flat[first : first + chunk],
                    (low, high),
                    huber=self.huber,
                    penalty=None if prior is None else noise[mine, None, None] * prior,
                    effort=effort,
                )
            )
        cost = np.concatenate([solution.cost for solution in found]).reshape(problems, starts)
        theta = np.concatenate([solution.theta for solution in found]).reshape(start.shape)
        converged = np.concatenate([solution.converged for solution in found]).reshape(problems, starts)
        order = np.argsort(cost, axis=1, kind="stable")
        return _Ranked(
            np.take_along_axis(theta, order[..., None], axis=1),
            np.take_along_axis(converged & np.isfinite(cost), order, axis=1),
            np.take_along_axis(cost, order, axis=1),
            noise,
        )

    def values(self, theta: np.ndarray, x: Inputs, parameters: tuple[Parameter, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Values and gradients by the fitted numbers θ, in which positive parameters are logarithms."""
        natural = from_theta(theta, parameters)
        value, gradient = self.evaluate(natural, x)
        chain = np.where([p.log for p in parameters], natural, 1.0)
        gradient *= chain[:, None, :]
        return value, gradient


@dataclass(frozen=True)
class _Ranked:
    """Of every problem its solutions, best first: parameters (b, starts, p), rest and cost (b, starts), noise (b,)."""

    theta: np.ndarray
    converged: np.ndarray
    cost: np.ndarray
    noise: np.ndarray


@dataclass
class ParametricFit(Fit):
    """A fitted formula.

    Attributes:
        axes: of ``step`` and ``size``, those it has terms for.
        floors: what own proportions of zero count as, shape (targets,); None: as zero.
        theta: shape (targets, p), positive parameters as logarithms.
        converged: whether the solver came to rest, shape (targets,).
        noise: the variance by which the prior was weighed, shape (targets,).
    """

    law: Parametric
    axes: tuple[str, ...] = ()
    floors: np.ndarray | None = None
    theta: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    converged: np.ndarray = field(default_factory=lambda: np.empty(0, bool))
    noise: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def formula(self) -> tuple[Parameter, ...]:
        """The parameters of one domain."""
        return self.law.parameters(self.runs.domains, self.axes)

    def inputs(self, runs: Runs) -> Inputs:
        """What the formula takes of a table of runs.

        Raises:
            LawError: a column that the formula has a term for is not there.
        """
        runs = runs.aligned(self.runs.domains)
        for axis in self.axes:
            if getattr(runs, axis) is None:
                raise InapplicableError(self.law.name, f"was fitted with a {axis}; the table needs a column {axis}")
        own = runs.own(self.targets) if "own" in self.law.needs else None
        if own is not None and self.floors is not None:
            own = np.maximum(own, self.floors[:, None])
        return Inputs(runs.mixture, own, *(getattr(runs, axis) if axis in self.axes else None for axis in AXES))

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        return self.law.values(self.theta, self.inputs(runs), self.formula)[0].T

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`."""
        value, gradient = self.law.values(self.theta, self.inputs(runs), self.formula)
        half = np.stack(
            [
                self._quantile(confidence) * np.linalg.norm(gradient[i] @ root, axis=1)
                for i, (root, _) in self.covariance_roots()
            ]
        )
        return (value - half).T, (value + half).T

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """See :meth:`Fit.parameters`."""
        formula = self.formula
        tables = []
        positive = np.array([parameter.log for parameter in formula])
        for i, (root, determined) in self.covariance_roots():
            half = self._quantile(confidence) * np.linalg.norm(root, axis=1)
            identified = determined & ((half < WIDEST) | ~positive)
            half = np.where(identified, half, np.nan)
            middle = self.theta[i]
            value, low, high = (from_theta(theta, formula) for theta in (middle, middle - half, middle + half))
            names = [parameter.name for parameter in formula]
            columns = {"parameter": names, "value": value, "low": low, "high": high, "identified": identified}
            tables.append(pd.DataFrame({"domain": self.targets[i], "run": None, "size": None, "step": None, **columns}))
        return pd.concat(tables, ignore_index=True)

    def parameter_counts(self) -> np.ndarray:
        """See :meth:`Fit.parameter_counts`."""
        return np.full(len(self.targets), len(self.formula))

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        return {
            "axes": list(self.axes),
            "floors": None if self.floors is None else self.floors.tolist(),
            "theta": self.theta.tolist(),
            "converged": self.converged.tolist(),
            "noise": self.noise.tolist(),
        }

    def statements(self) -> list[str]:
        """What the fit must say of itself, for people."""
        found = []
        left = [axis for axis in AXES if axis not in self.law.uses and self.runs.varies(axis)]
        found += [f"has no term for {axis}: all values of {axis} are fitted as one" for axis in left]
        if self.floors is not None:
            zeros = (self.runs.own(self.targets) == 0).sum(axis=1)
            found += [
                f"{name}: {count} of {len(self.runs)} own proportions are 0 and count as {floor:.3g},"
                " half the smallest positive one"
                for name, count, floor in zip(self.targets, zeros, self.floors, strict=True)
                if count
            ]
        found += [
            f"{name}: the fit did not come to rest; take its parameters as a rough guess"
            for name, rest in zip(self.targets, self.converged, strict=True)
            if not rest
        ]
        table = self.parameters()
        for name, lost in table[~table["identified"]].groupby("domain", sort=False)["parameter"]:
            found.append(f"{name}: the runs do not identify {', '.join(lost)}")
        return found

    def _quantile(self, confidence: float) -> float:
        return float(student.ppf((1 + confidence) / 2, max(1, len(self.runs) - len(self.formula))))

    def covariance_roots(self) -> list[tuple[int, tuple[np.ndarray, np.ndarray]]]:
        """Every target's square root of the covariance of θ, shape (p, p), and which θ are identified."""
        x, formula = self.inputs(self.runs), self.formula
        found = []
        for i in range(len(self.targets)):
            one = np.array([i])
            value, gradient = self.law.values(self.theta[one], x.problems(one), formula)
            y = self.runs.loss[:, i]
            weight = self.law.weights(y[None])[0]
            prior = self.law.prior(formula)
            penalty = None if prior is None else self.noise[i] * prior
            score = huber_score((value[0] - y) * weight, self.law.huber)
            found.append((i, covariance_root(gradient[0] * weight[:, None], score, penalty)))
        return found


def covariance_root(
    gradient: np.ndarray, residual: np.ndarray, penalty: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """A square root of the HC3 covariance, shape (p, q), and which of the p numbers are identified.

    ``gradient`` has shape (n, p), ``residual`` (n,), both weighted.
    """
    if penalty is not None:
        values, vectors = np.linalg.eigh(penalty)
        rows = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
        gradient = np.concatenate([gradient, rows])
        residual = np.concatenate([residual, np.zeros(len(rows))])
    scale = np.linalg.norm(gradient, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    u, s, vt = np.linalg.svd(gradient / scale, full_matrices=False)
    kept = s > UNIDENTIFIED * max(s[0], 1e-300)
    lost = np.ones(len(scale), bool) if not kept.any() else (np.square(vt[~kept]).sum(axis=0) > UNIDENTIFIED)
    lost |= np.linalg.norm(gradient, axis=0) == 0
    u, s, vt = u[:, kept], s[kept], vt[kept]
    leverage = np.minimum(np.square(u).sum(axis=1), 1 - 1e-9)
    noise = u * (residual / (1 - leverage))[:, None]
    _, spread, turned = np.linalg.svd(noise, full_matrices=False)
    root = (vt / scale).T / s @ (turned.T * spread)
    return root, ~lost


def huber_score(residual: np.ndarray, huber: float | None) -> np.ndarray:
    """What stands for the residuals (n,) in the covariance of an M-estimate: ρ′ over the mean of ρ″."""
    if huber is None:
        return residual
    within = np.abs(residual) <= huber
    return np.clip(residual, -huber, huber) / max(float(within.mean()), 1 / len(residual))


def to_theta(values: np.ndarray, parameters: tuple[Parameter, ...]) -> np.ndarray:
    """Parameters, last axis p, as fitted: positive ones as logarithms."""
    log = np.array([parameter.log for parameter in parameters])
    return np.where(log, np.log(np.where(log, values, 1.0)), values)


def from_theta(theta: np.ndarray, parameters: tuple[Parameter, ...]) -> np.ndarray:
    """The inverse of :func:`to_theta`."""
    log = np.array([parameter.log for parameter in parameters])
    return np.where(log, np.exp(np.where(log, np.clip(theta, -700, 700), 0.0)), theta)
