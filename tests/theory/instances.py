"""Random knapsacks, and their optimum without the theory: by direct optimisation of the bits, or by trying all."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.facts import Facts
from phasemix.theory.power_law import PowerLaw


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    """Positive numbers from 10^low to 10^high, even in the logarithm."""
    return st.floats(low, high).map(lambda exponent: 10.0**exponent)


broads = st.builds(PowerLaw, powers(-1, 2), st.floats(0.1, 1.5), st.sampled_from([0.0, 2.5]))
ratios = st.floats(0.02, 0.95)
kinds = st.builds(Facts, powers(1, 4), st.sampled_from([1e-2, 1e-3, 1e-4]) | powers(-5, -1))  # some alike
several = st.lists(kinds, min_size=1, max_size=4)
alone = st.builds(BoundedLearner, several)
mixed = st.builds(BoundedLearner, several, broads, ratios)
capacities = powers(0.5, 5)
levels = st.floats(0.05, 0.95)


def loss_of(learner: BoundedLearner, facts: Sequence[float] | np.ndarray, broad: float) -> float:
    """The loss of any allocation of bits, as section 4 defines it."""
    unknown = sum(kind.frequency * (kind.bits - m) for kind, m in zip(learner.facts, facts, strict=True))
    of_broad = 0.0 if learner.broad is None else float(learner.broad.loss(broad))
    return learner.ratio * unknown + (1 - learner.ratio) * of_broad


def simplex_optimum(learner: BoundedLearner, capacity: float) -> tuple[np.ndarray, float]:
    """The shares known of the kinds and the loss that SLSQP arrives at from the best of three starts."""
    bits, frequency = np.array([(kind.bits, kind.frequency) for kind in learner.facts]).T
    scale = loss_of(learner, 0 * bits, capacity)
    reserve = 0.0 if learner.broad is None else 1e-6  # of the capacity: the broad domain's loss has a pole

    def left(known: np.ndarray) -> float:
        return max(capacity - known @ bits, reserve * capacity)  # steps may leave the simplex

    def loss(known: np.ndarray) -> float:
        return loss_of(learner, known * bits, left(known)) / scale

    def slope(known: np.ndarray) -> np.ndarray:
        gain = 0.0 if learner.broad is None else (1 - learner.ratio) * learner.broad.gain(left(known))
        return bits * (gain - learner.ratio * frequency) / scale

    simplex = LinearConstraint(bits / capacity, -np.inf, 1 - reserve)
    found = []
    for start in (0.0, 0.3, 0.9):
        first = np.full(len(bits), start * min(1, 0.99 * capacity / bits.sum()))
        found.append(
            minimize(
                loss,
                first,
                jac=slope,
                bounds=[(0, 1)] * len(bits),
                constraints=simplex,
                method="SLSQP",
                options={"ftol": 1e-15, "maxiter": 1000},
            )
        )
    best = min(found, key=lambda one: float(one.fun))
    return best.x, float(best.fun) * scale


def grid_optimum(learner: BoundedLearner, capacity: int) -> tuple[tuple[int, ...], float]:
    """The bits of facts, and the loss, of the best allocation of whole bits, by trying each."""
    choices = product(*(range(int(kind.bits) + 1) for kind in learner.facts))
    allowed = [facts for facts in choices if sum(facts) <= capacity]
    losses = [loss_of(learner, facts, capacity - sum(facts)) for facts in allowed]
    return allowed[int(np.argmin(losses))], min(losses)
