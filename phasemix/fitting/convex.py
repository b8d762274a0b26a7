"""CVXPY's functions as laws use them. CVXPY takes a second to load, so it is loaded by the first call."""

from typing import Any

Expression = Any
"""A ``cvxpy.Expression``; sums and multiples of expressions are written with ``+``, ``*`` and ``@``."""

Variable = Any
"""A ``cvxpy.Variable``: the mixture r, shape (m,)."""


def power(base: Expression, exponent: float) -> Expression:
    """The power itself; CVXPY would approximate it by second-order cones."""
    import cvxpy as cp  # noqa: PLC0415

    return cp.power(base, exponent, approx=False)


def exp(argument: Expression) -> Expression:
    """The exponential."""
    import cvxpy as cp  # noqa: PLC0415

    return cp.exp(argument)


def inverse_of_sum(terms: list[Expression]) -> Expression:
    """1/Σ of positive terms."""
    import cvxpy as cp  # noqa: PLC0415

    return cp.inv_pos(cp.sum(terms))
