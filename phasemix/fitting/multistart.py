"""The best fit of a formula from many starts.

All starts are tried roughly on some of the rows; the best few are then fitted on all. At last, numbers that the domains
share are drawn together (:mod:`phasemix.fitting.shrinkage`).
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from phasemix.base.seeds import named_seed
from phasemix.fitting.inputs import Inputs
from phasemix.fitting.intervals import uncertainty
from phasemix.fitting.levenberg_marquardt import FULL, ROUGH, Effort, minimise
from phasemix.fitting.parameters import Parameter, from_theta, to_theta
from phasemix.fitting.runs import AXES
from phasemix.fitting.shrinkage import drawn_together

if TYPE_CHECKING:
    from phasemix.fitting.parametric import Parametric

STARTS = 16
SCREENED_ROWS = 512  # at most so many rows show which starts are good
POLISHED = 2  # so many starts are fitted on all rows
NUMBERS_AT_ONCE = 20_000_000  # of gradients held in memory


@dataclass(frozen=True)
class Best:
    """The best fit of every problem.

    Attributes:
        theta: the fitted numbers, shape (b, p).
        converged: whether the search came to rest, shape (b,).
        precision: of what was known of θ beside the losses, in squares of residuals, shape (b, p, p).
        pull: how uncertain the pull of that on θ is, its precision times what it may be off by, shape (b, p).
    """

    theta: np.ndarray
    converged: np.ndarray
    precision: np.ndarray
    pull: np.ndarray


def best_of_starts(
    law: "Parametric",
    x: Inputs,
    y: np.ndarray,
    *,
    runs: np.ndarray,
    parameters: tuple[Parameter, ...],
    seed: int,
) -> Best:
    """Fit losses y (b, n) of runs (n,), numbered from 0, at inputs; θ is for steps and sizes in their own units."""
    from scipy.stats import qmc  # noqa: PLC0415 - takes a second, and predictions need none of it

    axes = {axis: values for axis in AXES if (values := getattr(x, axis)) is not None}
    reference = {axis: float(np.exp(np.log(values).mean())) for axis, values in axes.items()}
    x = replace(x, **{axis: values / reference[axis] for axis, values in axes.items()})
    u = qmc.Sobol(4, rng=np.random.default_rng(named_seed(seed, law.name, "starts"))).random(STARTS)
    start = to_theta(law.starts(x, y, u), parameters)
    rows = np.random.default_rng(named_seed(seed, law.name, "rows")).permutation(y.shape[1])[:SCREENED_ROWS]
    prior = law.prior(parameters)
    known = np.zeros((len(y), len(parameters), len(parameters)))
    screened = _ranked(law, x.rows(rows), y[:, rows], start, parameters=parameters, known=known, effort=ROUGH)
    best = _ranked(law, x, y, screened.theta[:, :POLISHED], parameters=parameters, known=known, effort=FULL)
    noise = 2 * best.cost[:, 0] / (y.shape[1] - len(parameters))
    if prior is not None:
        known = noise[:, None, None] * prior
        best = _ranked(law, x, y, best.theta[:, :1], parameters=parameters, known=known, effort=FULL)
    theta, pull = best.theta[:, 0], np.zeros((len(y), len(parameters)))
    which = [i for i, parameter in enumerate(parameters) if parameter.name in law.shared]
    if which:
        errors = _errors(law, x, y, runs=runs, theta=theta, parameters=parameters, known=known)
        shrunk = drawn_together(theta, errors, which, noise)
        if shrunk is not None:
            known = known + np.einsum("bp,pq->bpq", shrunk.precision, np.eye(len(parameters)))
            centre, pull = shrunk.centre, shrunk.precision * shrunk.deviation
            best = _ranked(law, x, y, best.theta[:, :1], parameters=parameters, known=known, effort=FULL, centre=centre)
            theta = best.theta[:, 0]
    if axes:
        theta = to_theta(law.in_own_units(from_theta(theta, parameters), reference), parameters)
    return Best(theta, best.converged[:, 0], known, pull)


def _errors(
    law: "Parametric",
    x: Inputs,
    y: np.ndarray,
    *,
    runs: np.ndarray,
    theta: np.ndarray,
    parameters: tuple[Parameter, ...],
    known: np.ndarray,
) -> np.ndarray:
    """Standard errors of θ, shape (b, p), infinite where the runs say nothing."""
    value, gradient = law.values(theta, x, parameters)
    weight = law.weights(y)
    found = np.empty_like(theta)
    for i in range(len(theta)):
        residual = (value[i] - y[i]) * weight[i]
        sure = uncertainty(gradient[i] * weight[i][:, None], residual, runs, penalty=known[i], huber=law.huber)
        found[i] = np.where(sure.determined, np.linalg.norm(sure.root, axis=1), np.inf)
    return found


@dataclass(frozen=True)
class _Ranked:
    """The solutions of every problem, best first: θ (b, starts, p); whether at rest, and cost, (b, starts)."""

    theta: np.ndarray
    converged: np.ndarray
    cost: np.ndarray


def _ranked(
    law: "Parametric",
    x: Inputs,
    y: np.ndarray,
    start: np.ndarray,
    *,
    parameters: tuple[Parameter, ...],
    known: np.ndarray,
    effort: Effort,
    centre: np.ndarray | None = None,
) -> _Ranked:
    """Solutions from starts (b, starts, p), θ being known around a centre (b, p) with precision (b, p, p)."""
    problems, starts, count = start.shape
    low, high = to_theta(np.array([[p.low for p in parameters], [p.high for p in parameters]]), parameters)
    owner, flat = np.repeat(np.arange(problems), starts), start.reshape(-1, count)
    weight = law.weights(y)
    chunk = max(1, NUMBERS_AT_ONCE // (y.shape[1] * count))
    found = []
    for first in range(0, len(flat), chunk):
        mine = owner[first : first + chunk]

        def model(theta: np.ndarray, which: np.ndarray, mine: np.ndarray = mine) -> tuple[np.ndarray, np.ndarray]:
            return law.values(theta, x.problems(mine[which]), parameters)

        found.append(
            minimise(
                model,
                y[mine],
                weight[mine],
                flat[first : first + chunk],
                (low, high),
                huber=law.huber,
                penalty=known[mine],
                centre=None if centre is None else centre[mine],
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
    )
