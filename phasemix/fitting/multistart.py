"""The best fit of a formula from many starts.

All starts are tried roughly on some of the rows; the best few are then fitted on all.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from phasemix.base.seeds import named_seed
from phasemix.fitting.inputs import Inputs
from phasemix.fitting.levenberg_marquardt import FULL, ROUGH, Effort, minimise
from phasemix.fitting.parameters import Parameter, from_theta, to_theta
from phasemix.fitting.runs import AXES

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
        noise: the variance by which the prior was weighed, shape (b,).
    """

    theta: np.ndarray
    converged: np.ndarray
    noise: np.ndarray


def best_of_starts(
    law: "Parametric",
    x: Inputs,
    y: np.ndarray,
    parameters: tuple[Parameter, ...],
    seed: int,
) -> Best:
    """Fit losses y (b, n) at inputs; θ is for steps and sizes in their own units."""
    from scipy.stats import qmc  # noqa: PLC0415 - takes a second, and predictions need none of it

    axes = {axis: values for axis in AXES if (values := getattr(x, axis)) is not None}
    reference = {axis: float(np.exp(np.log(values).mean())) for axis, values in axes.items()}
    x = replace(x, **{axis: values / reference[axis] for axis, values in axes.items()})
    u = qmc.Sobol(4, rng=np.random.default_rng(named_seed(seed, law.name, "starts"))).random(STARTS)
    start = to_theta(law.starts(x, y, u), parameters)
    rows = np.random.default_rng(named_seed(seed, law.name, "rows")).permutation(y.shape[1])[:SCREENED_ROWS]
    noise = np.zeros(len(y))
    screened = _ranked(law, x.rows(rows), y[:, rows], start, parameters=parameters, noise=noise, effort=ROUGH)
    best = _ranked(law, x, y, screened.theta[:, :POLISHED], parameters=parameters, noise=noise, effort=FULL)
    if law.prior(parameters) is not None:
        noise = 2 * best.cost[:, 0] / (y.shape[1] - len(parameters))
        best = _ranked(law, x, y, best.theta[:, :1], parameters=parameters, noise=noise, effort=FULL)
    theta = best.theta[:, 0]
    if axes:
        theta = to_theta(law.in_own_units(from_theta(theta, parameters), reference), parameters)
    return Best(theta, best.converged[:, 0], noise)


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
    noise: np.ndarray,
    effort: Effort,
) -> _Ranked:
    """Solutions from starts (b, starts, p), the prior weighed by ``noise`` (b,)."""
    problems, starts, count = start.shape
    low, high = to_theta(np.array([[p.low for p in parameters], [p.high for p in parameters]]), parameters)
    owner, flat = np.repeat(np.arange(problems), starts), start.reshape(-1, count)
    weight, prior = law.weights(y), law.prior(parameters)
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
    )
