"""How little the best mixture may matter: how far each domain reaches in the flat set around it.

The flat set is all allowed mixtures whose objective lies within ``FLATNESS`` of the optimum. Where a
domain's least and greatest proportion in it are far apart, choose freely.
"""

import cvxpy as cp
import numpy as np
from scipy.optimize import minimize

from phasemix.fitting.convex_program import allowed, solved
from phasemix.fitting.objective import SMALL, Objective
from phasemix.fitting.optimum_search import sampled_mixtures

FLATNESS = 1e-3
RAYS = 256  # from the optimum, to see how far the flat set reaches


def flat_set(objective: Objective, optimum: np.ndarray, seed: int) -> np.ndarray:
    """The mixtures of the flat set with the least, and then the greatest proportion of every domain; shape (2m, m)."""
    m = len(optimum)
    samples, limit = sampled_mixtures(objective, seed), _limit(objective, optimum)
    ends = np.concatenate([objective.within(np.eye(m)), samples[-RAYS:]])
    found = np.concatenate([optimum[None], _inside(objective, optimum, ends)])
    if not objective.fit.has_slopes:
        return _furthest_of(np.concatenate([found, samples[objective(samples) <= limit]]))
    reached = []
    direction = cp.Parameter(m)
    problem = None
    if objective.expression is not None:
        r, expression = objective.expression
        problem = cp.Problem(cp.Minimize(direction @ r), [*allowed(objective, r), expression <= limit])
    for j in range(m):
        for sign in (1.0, -1.0):
            towards = sign * np.eye(m)[j]
            direction.value = towards
            convex = None if problem is None else solved(problem, r)
            if convex is not None:
                end = _inside(objective, optimum, objective.within(convex[None]))[0]
            else:
                end = _furthest(objective, optimum, found[np.argmin(found @ towards)], towards)
            reached.append(end)
    return _furthest_of(np.concatenate([found, reached]))


def _furthest_of(mixtures: np.ndarray) -> np.ndarray:
    """Of mixtures (n, m) those with the least, and then those with the greatest proportion of every domain."""
    mixtures = np.clip(mixtures, 0, 1)
    return np.concatenate([mixtures[mixtures.argmin(axis=0)], mixtures[mixtures.argmax(axis=0)]])


def _limit(objective: Objective, optimum: np.ndarray) -> float:
    """The greatest objective in the flat set."""
    value = float(objective(optimum[None])[0])
    return value + FLATNESS * abs(value)


def _inside(objective: Objective, optimum: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The last points of the flat set on the way from the optimum to ends (n, m)."""
    limit = _limit(objective, optimum)
    low, high = np.zeros(len(ends)), np.ones(len(ends))
    low[objective(ends) <= limit] = 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        good = objective(optimum + middle[:, None] * (ends - optimum)) <= limit
        low, high = np.where(good, np.maximum(low, middle), low), np.where(good, high, middle)
    return optimum + low[:, None] * (ends - optimum)


def _furthest(objective: Objective, optimum: np.ndarray, start: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """As far along −direction as a local method gets within the flat set, from a start inside it."""
    limit = _limit(objective, optimum)
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
