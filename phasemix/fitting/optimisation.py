"""The mixture that a fitted law says is best, how sure that is, and how little it may matter.

Minimised over the simplex, within caps: Σ_i w_i L_i(r) + λ·KL(r ‖ prior).

- Where CVXPY's rules prove the problem convex it is solved as such, and the certificate is the
  duality gap: no mixture can be better by more. Otherwise the best of many starts is taken, and the
  certificate says how many of them agree. Trees have no slopes: as RegMix does, the best
  ``AVERAGED`` of many sampled mixtures are averaged.
- ``low`` and ``high`` of a domain are percentiles over fits on bootstrap resamples of the runs.
- ``flat_low`` and ``flat_high`` are the least and the greatest proportion of the domain among mixtures
  whose objective lies within ``FLATNESS`` of the optimum: where they are far apart, choose freely.
"""

import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cvxpy as cp
import numpy as np
import pandas as pd
from scipy.optimize import minimize

from phasemix.base.seeds import generator
from phasemix.fitting.law import CONFIDENCE, Fit, LawError
from phasemix.fitting.nested import NestedFit
from phasemix.fitting.parametric import ParametricFit, Scale, from_theta
from phasemix.fitting.runs import Runs
from phasemix.laws.regmix_lightgbm import TreesFit
from phasemix.laws.step_law import StepFit

FLATNESS = 1e-3
SAMPLES, TREE_SAMPLES = 4096, 20_000
AVERAGED = 128
STARTS = 12
RAYS = 256  # from the optimum, to see how far the flat set reaches
AGREE = 1e-4  # relative difference of objectives that count as the same
SMALL = 1e-12  # proportions are kept above it where a logarithm is taken
DIFFERENCE = 1e-6
WIDE_GAP, LEAST_GAP = 1e-4, 1e-8  # gaps that call for another method; that differences can show
TOLERANCES = (1e-11, 1e-8)  # of the convex solver, the first that it reaches


@dataclass(frozen=True)
class Objective:
    """What a fitted law shall minimise.

    Attributes:
        fit: the law.
        weights: of the targets, shape (targets,), sum 1.
        step: at which step, None where the law has no notion of it.
        size: at which size, the same.
        caps: greatest proportions, shape (m,).
        least: least proportions, shape (m,): where a law is defined.
        prior: shape (m,), sums to 1.
        kl: λ, in nats of loss.
    """

    fit: Fit
    weights: np.ndarray
    step: float | None
    size: float | None
    caps: np.ndarray
    least: np.ndarray
    prior: np.ndarray
    kl: float = 0.0

    def __post_init__(self) -> None:
        if self.caps.sum() < 1 - 1e-9:
            raise LawError(f"the caps leave no mixture: together they allow {self.caps.sum():.3g} of it")
        if isinstance(self.fit, StepFit):
            raise LawError(f"{self.fit.law.name} says nothing of other mixtures: it has no optimum")

    def at(self, mixtures: np.ndarray) -> Runs:
        """Mixtures (n, m) at the objective's step and size, as runs without losses."""
        step, size = (None if value is None else np.full(len(mixtures), value) for value in (self.step, self.size))
        names, nothing = np.full(len(mixtures), "", dtype=object), np.empty((len(mixtures), 0))
        return Runs(names, self.fit.runs.domains, mixtures, (), nothing, size=size, step=step)

    def __call__(self, mixtures: np.ndarray) -> np.ndarray:
        """The objective, shape (n,), of mixtures (n, m)."""
        value = self.fit.predict(self.at(mixtures)) @ self.weights
        if self.kl:
            kept = np.maximum(mixtures, SMALL)
            value = value + self.kl * (mixtures * np.log(kept / np.maximum(self.prior, SMALL))).sum(axis=1)
        return value

    def slope(self, mixture: np.ndarray) -> np.ndarray:
        """The gradient at a mixture (m,), by differences."""
        h = np.maximum(DIFFERENCE * mixture, 1e-8)
        back = np.minimum(h, mixture)
        up, down = mixture + np.diag(h), mixture - np.diag(back)
        return np.asarray((self(up) - self(down)) / (h + back))

    @cached_property
    def expression(self) -> tuple[cp.Variable, cp.Expression] | None:
        """The objective for CVXPY and its variable, None where it is not provably convex."""
        fit = self.fit.at(self.size or 0, self.step or 0) if isinstance(self.fit, NestedFit) else self.fit
        if not isinstance(fit, ParametricFit):
            return None
        r = cp.Variable(len(self.fit.runs.domains))
        scale = Scale(*(getattr(self, axis) if axis in fit.axes else None for axis in ("step", "size")))
        total = cp.Constant(0)
        if self.kl:
            free = np.flatnonzero(self.caps > 0)
            total += self.kl * (cp.sum(cp.kl_div(r[free], self.prior[free])) + 1 - self.prior[free].sum())
        for name, weight in zip(self.fit.targets, self.weights, strict=True):
            i = fit.targets.index(name)
            own = r[fit.runs.domains.index(name)] if "own" in fit.law.needs else None
            if weight:
                total += weight * fit.law.expression(from_theta(fit.theta[i], fit.formula), r, own, scale)
        return (r, total) if total.is_dcp() else None

    def gap(self, mixture: np.ndarray) -> float:
        """The duality gap (Frank and Wolfe's): if the objective is convex, nothing is better by more."""
        slope = self.slope(mixture)
        best = self.least.copy()
        for j in np.argsort(slope):
            best[j] += min(self.caps[j] - best[j], 1 - best.sum())
        return max(float(slope @ (mixture - best)), 0.0)

    def within(self, points: np.ndarray) -> np.ndarray:
        """The nearest allowed mixtures to points (n, m)."""
        return project(points, self.least, self.caps)


@dataclass(frozen=True)
class Optimum:
    """A best mixture.

    Attributes:
        table: a row a mixture domain: ``domain``, ``proportion``, ``low``, ``high``, ``flat_low``, ``flat_high``.
        losses: predicted loss of each target, with ``low`` and ``high`` of the law's interval.
        objective: its value at the optimum.
        convex: whether the problem was proven convex.
        certificate: what is known of its being the best, in words.
        notes: for people.
    """

    table: pd.DataFrame
    losses: pd.DataFrame
    objective: float
    convex: bool
    certificate: str
    notes: list[str]

    def record(self, objective: Objective) -> dict[str, Any]:
        """Everything, for a JSON file; numbers that do not exist are null."""

        def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
            return [
                {
                    str(key): None if isinstance(value, float) and np.isnan(value) else value
                    for key, value in row.items()
                }
                for row in table.to_dict("records")
            ]

        return {
            "law": objective.fit.law.name,
            "step": objective.step,
            "size": objective.size,
            "objective": self.objective,
            "convex": self.convex,
            "certificate": self.certificate,
            "mixture": rows(self.table),
            "losses": rows(self.losses),
            "notes": self.notes,
        }

    def text(self) -> str:
        """Everything, for people."""
        mixture = pd.DataFrame(
            {"domain": self.table["domain"], "proportion": self.table["proportion"].map("{:.4f}".format)}
        )
        mixture["interval"] = _spans(self.table["low"], self.table["high"], "{:.3f}")
        mixture[f"within {100 * FLATNESS:g} %"] = _spans(self.table["flat_low"], self.table["flat_high"], "{:.3f}")
        losses = pd.DataFrame({"domain": self.losses["domain"], "loss": self.losses["loss"].map("{:.4f}".format)})
        losses["interval"] = _spans(self.losses["low"], self.losses["high"], "{:.5g}")
        tables = "\n\n".join(table.to_string(index=False) for table in (mixture, losses))
        return f"{tables}\n\nobjective {self.objective:.5f}; {self.certificate}"


def _spans(low: pd.Series, high: pd.Series, spell: str) -> list[str]:
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return ["–" if np.isnan(a) else f"{spell.format(a)}–{spell.format(b)}" for a, b in ends]


def optimise(objective: Objective, *, bootstrap: int = 20, seed: int = 0) -> Optimum:
    """The best mixture of an objective, with intervals over ``bootstrap`` refits of its law.

    Raises:
        LawError: no mixture is allowed, or the law has no optimum.
    """
    mixture, certificate = _solve(objective, seed)
    flat_low, flat_high = _flat(objective, mixture, seed)
    losses = _losses(objective, mixture)
    low, high, notes = _bootstrap(objective, bootstrap, seed)
    runs = objective.fit.runs
    seen = runs.mixture.max(axis=0)
    notes += [
        f"{name}: {share:.3g} lies beyond all mixtures of the runs, which have at most {most:.3g}"
        for name, share, most in zip(runs.domains, mixture, seen, strict=True)
        if share > most + 0.01
    ]
    notes += [
        f"{name}: the law predicts a loss of {loss:.3g}, which is none: it is asked too far from its runs"
        for name, loss in zip(losses["domain"], losses["loss"], strict=True)
        if loss <= 0
    ]
    table = pd.DataFrame({"domain": runs.domains, "proportion": mixture, "low": low, "high": high})
    return Optimum(
        table.assign(flat_low=flat_low, flat_high=flat_high),
        losses,
        float(objective(mixture[None])[0]),
        objective.expression is not None,
        certificate,
        notes,
    )


def project(points: np.ndarray, least: np.ndarray, caps: np.ndarray) -> np.ndarray:
    """The nearest mixtures between bounds (m,) to points (n, m), by bisection on what is taken off all."""
    low, high = points.min(axis=1) - 1.0, points.max(axis=1)
    for _ in range(60):
        middle = 0.5 * (low + high)
        much = np.clip(points - middle[:, None], least, caps).sum(axis=1) > 1
        low, high = np.where(much, middle, low), np.where(much, high, middle)
    found = np.clip(points - low[:, None], least, caps)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _solve(objective: Objective, seed: int) -> tuple[np.ndarray, str]:
    convex = None if objective.expression is None else _convex(objective, *objective.expression)
    if convex is not None:
        gap = objective.gap(convex)
        if gap > WIDE_GAP:
            convex = _descend(objective, convex)
            gap = objective.gap(convex)
        if gap <= WIDE_GAP:
            return convex, _certified(gap)
    samples = _samples(objective, seed)
    values = objective(samples)
    order = np.argsort(values)
    if isinstance(objective.fit, TreesFit):
        mixture = samples[order[:AVERAGED]].mean(axis=0)
        return mixture, f"none: the mean of the best {AVERAGED} of {len(samples)} sampled mixtures, as RegMix does"
    found = [_descend(objective, samples[start]) for start in order[:STARTS]]
    reached = np.array([objective(one[None])[0] for one in found])
    best = int(np.argmin(reached))
    if objective.expression is not None:
        return found[best], _certified(objective.gap(found[best]))
    agree = int((reached <= reached[best] * (1 + AGREE)).sum())
    return found[best], f"local: {agree} of {STARTS} starts agree within {AGREE:.0e}; a better mixture may exist"


def _certified(gap: float) -> str:
    return f"global: no allowed mixture is better by more than {max(gap, LEAST_GAP):.1e} nats (duality gap)"


def _convex(objective: Objective, r: cp.Variable, expression: cp.Expression) -> np.ndarray | None:
    """The solution of the convex problem, None if the solver fails."""
    problem = cp.Problem(cp.Minimize(expression), _simplex(objective, r))
    value = _solved(problem, r)
    return None if value is None else objective.within(value[None])[0]


def _simplex(objective: Objective, r: cp.Variable) -> list[cp.Constraint]:
    return [cp.sum(r) == 1, r >= objective.least, r <= objective.caps]


def _solved(problem: cp.Problem, r: cp.Variable) -> np.ndarray | None:
    for tolerance in TOLERANCES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of inaccuracy: the duality gap tells
                problem.solve(solver=cp.CLARABEL, tol_gap_abs=tolerance, tol_gap_rel=tolerance, tol_feas=tolerance)
        except cp.SolverError:
            continue
        if problem.status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
            return r.value
    return None


def _descend(objective: Objective, start: np.ndarray) -> np.ndarray:
    """A local minimum from a start."""
    found = minimize(  # type: ignore[call-overload]  # its stubs take no lists of dicts
        lambda r: float(objective(np.maximum(r, SMALL)[None])[0]),
        start,
        jac=lambda r: objective.slope(np.maximum(r, SMALL)),
        method="SLSQP",
        bounds=list(zip(objective.least, objective.caps, strict=True)),
        constraints=[{"type": "eq", "fun": lambda r: r.sum() - 1}],
        options={"maxiter": 100, "ftol": 1e-9},
    )
    end = objective.within(np.nan_to_num(found.x)[None])[0]
    return end if objective(end[None])[0] <= objective(start[None])[0] else start


def _furthest(objective: Objective, optimum: np.ndarray, start: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """As far along −direction as a local method gets within the flat set, from a start inside it."""
    limit = _flat_limit(objective, optimum)
    flat = {
        "type": "ineq",
        "fun": lambda r: (limit - objective(np.maximum(r, SMALL)[None])[0]) / FLATNESS,
        "jac": lambda r: -objective.slope(np.maximum(r, SMALL)) / FLATNESS,
    }
    found = minimize(  # type: ignore[call-overload]  # its stubs take no lists of dicts
        lambda r: float(direction @ r),
        start,
        jac=lambda _: direction,
        method="SLSQP",
        bounds=list(zip(objective.least, objective.caps, strict=True)),
        constraints=[{"type": "eq", "fun": lambda r: r.sum() - 1}, flat],
        options={"maxiter": 100, "ftol": 1e-9},
    )
    ends = np.stack([start, _inside(objective, optimum, objective.within(np.nan_to_num(found.x)[None]))[0]])
    return ends[np.argmin(ends @ direction)]


def _flat_limit(objective: Objective, optimum: np.ndarray) -> float:
    """The greatest objective in the flat set."""
    value = float(objective(optimum[None])[0])
    return value + FLATNESS * abs(value)


def _inside(objective: Objective, optimum: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The last points of the flat set on the way from the optimum to ends (n, m)."""
    limit = _flat_limit(objective, optimum)
    low, high = np.zeros(len(ends)), np.ones(len(ends))
    low[objective(ends) <= limit] = 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        good = objective(optimum + middle[:, None] * (ends - optimum)) <= limit
        low, high = np.where(good, np.maximum(low, middle), low), np.where(good, high, middle)
    return optimum + low[:, None] * (ends - optimum)


def _samples(objective: Objective, seed: int) -> np.ndarray:
    """Mixtures to start from: the runs' own, the prior, and Dirichlet draws about their mean."""
    runs = objective.fit.runs
    rng = generator(seed, "mixtures to start from")
    count = TREE_SAMPLES if isinstance(objective.fit, TreesFit) else SAMPLES
    centre = np.maximum(runs.mixture.mean(axis=0), 0.1 / len(runs.domains))
    strength = np.exp(rng.uniform(np.log(0.3), np.log(10), size=count))[:, None] * len(runs.domains) / centre.sum()
    draws = rng.gamma(centre * strength) + 1e-300
    draws /= draws.sum(axis=1, keepdims=True)
    points = np.concatenate([np.unique(runs.mixture, axis=0), objective.prior[None], draws])
    return objective.within(points)


def _flat(objective: Objective, mixture: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest proportion of every domain in the flat set, shapes (m,)."""
    m = len(mixture)
    samples, limit = _samples(objective, seed), _flat_limit(objective, mixture)
    ends = np.concatenate([objective.within(np.eye(m)), samples[-RAYS:]])
    found = np.concatenate([mixture[None], _inside(objective, mixture, ends)])
    if isinstance(objective.fit, TreesFit):
        found = np.concatenate([found, samples[objective(samples) <= limit]])
        return found.min(axis=0), found.max(axis=0)
    low, high = found.min(axis=0), found.max(axis=0)
    direction = cp.Parameter(m)
    problem = None
    if objective.expression is not None:
        r, expression = objective.expression
        problem = cp.Problem(cp.Minimize(direction @ r), [*_simplex(objective, r), expression <= limit])
    for j in range(m):
        for sign in (1.0, -1.0):
            towards = sign * np.eye(m)[j]
            direction.value = towards
            solved = None if problem is None else _solved(problem, r)
            if solved is not None:
                end = _inside(objective, mixture, objective.within(solved[None]))[0]
            else:
                end = _furthest(objective, mixture, found[np.argmin(found @ towards)], towards)
            low[j], high[j] = min(low[j], end[j]), max(high[j], end[j])
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _bootstrap(objective: Objective, count: int, seed: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Percentiles of every domain's optimal proportion over refits on resampled runs."""
    runs = objective.fit.runs
    rng = generator(seed, "bootstrap of runs")
    series = [np.flatnonzero(runs.series == number) for number in range(runs.series.max() + 1)]
    found: list[np.ndarray] = []
    for _ in range(count):
        drawn = rng.integers(len(series), size=len(series))
        rows = np.concatenate([series[number] for number in drawn])
        again = np.repeat(np.arange(len(drawn)), [len(series[number]) for number in drawn])
        names = np.array([f"{runs.run[row]}#{copy}" for row, copy in zip(rows, again, strict=True)], dtype=object)
        try:
            fit = objective.fit.law.fit(replace(runs.rows(rows), run=names), seed)
            if fit.targets == objective.fit.targets:
                found.append(_solve(replace(objective, fit=fit), seed)[0])
        except (LawError, np.linalg.LinAlgError):
            continue
    if not found:
        nothing = np.full(len(runs.domains), np.nan)
        return nothing, nothing, ["no interval: the law could be fitted on no resample of the runs"] if count else []
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(np.array(found), [tail, 100 - tail], axis=0)
    lost = count - len(found)
    return (
        low,
        high,
        [f"{lost} of {count} resamples did not serve: too few different runs in them for the law"] if lost else [],
    )


def _losses(objective: Objective, mixture: np.ndarray) -> pd.DataFrame:
    fit, at = objective.fit, objective.at(mixture[None])
    low, high = fit.interval(at)
    return pd.DataFrame({"domain": fit.targets, "loss": fit.predict(at)[0], "low": low[0], "high": high[0]})
