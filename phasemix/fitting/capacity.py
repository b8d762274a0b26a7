"""How an optimal learner divides its capacity among domains.

Every domain takes an amount x_i(μ) that falls with the logarithm μ of what a unit of capacity must be worth, and μ is
such that all amounts together are what there is:

    Σ_i x_i(μ) = X.

So μ is found by bisection, at all places at once. Its gradient follows from the same equation without iterating:
dμ = (dX − Σ_i ∂x_i) / Σ_i ∂x_i/∂μ, ∂x_i being the change at fixed μ.
"""

from collections.abc import Callable

import numpy as np

BISECTIONS = 60  # of an interval of μ: to the last digit


def worth_of_capacity(
    taken: Callable[[np.ndarray], np.ndarray], capacity: np.ndarray, bounds: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """The μ at which all of the capacity is taken, and no more.

    Args:
        taken: Σ_i x_i at μ, both of the shape of ``capacity``; it falls with μ.
        capacity: X, of any shape.
        bounds: of μ, at which too much and too little is taken.
    """
    low, high = (np.array(np.broadcast_to(bound, capacity.shape), float) for bound in bounds)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        much = taken(middle) > capacity
        low, high = np.where(much, middle, low), np.where(much, high, middle)
    return 0.5 * (low + high)
