"""Convex problems over the allowed mixtures, solved by CVXPY."""

import warnings

import cvxpy as cp
import numpy as np

from phasemix.fitting.objective import Objective

TOLERANCES = (1e-11, 1e-8)  # of the solver: the first that it reaches


def convex_optimum(objective: Objective) -> np.ndarray | None:
    """The best mixture (m,) of an objective that is proven convex; None if it is not, or the solver fails."""
    if objective.expression is None:
        return None
    r, expression = objective.expression
    value = solved(cp.Problem(cp.Minimize(expression), allowed(objective, r)), r)
    return None if value is None else objective.within(value[None])[0]


def allowed(objective: Objective, r: cp.Variable) -> list[cp.Constraint]:
    """That r is an allowed mixture."""
    return [cp.sum(r) == 1, r >= objective.least, r <= objective.caps]


def solved(problem: cp.Problem, r: cp.Variable) -> np.ndarray | None:
    """The value of r that solves a problem, None if the solver fails."""
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
