"""What mixers share: proportions within caps, portfolios, AutoScale's amounts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from phasemix.base.errors import PhasemixError
from phasemix.search.amounts import Amounts, best_amounts, extrapolated, fit_amounts
from phasemix.search.capped import capped
from phasemix.search.portfolio import portfolio

shares = st.lists(st.floats(0, 1), min_size=2, max_size=6)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.05, 1)), min_size=2, max_size=6))
def test_capped_proportions(pairs):
    """They sum to 1 within caps, and those below their caps keep their proportions to each other."""
    proportions, caps = np.array(pairs).T
    caps = caps if caps.sum() >= 1 else caps / caps.sum()
    found = capped(proportions / proportions.sum(), caps)
    assert found.sum() == pytest.approx(1)
    assert (found <= caps + 1e-9).all()
    free = found < caps - 1e-9
    if free.sum() > 1:
        ratios = found[free] / proportions[free]
        assert ratios == pytest.approx(ratios[0])


def test_capped_by_hand():
    assert capped(np.array([0.6, 0.3, 0.1]), np.array([0.4, 1.0, 1.0])).tolist() == pytest.approx([0.4, 0.45, 0.15])
    assert capped(np.array([1.0, 0.0, 0.0]), np.array([0.4, 1.0, 1.0])).tolist() == pytest.approx([0.4, 0.3, 0.3])


@given(shares, st.floats(0.1, 10))
def test_a_portfolio_is_the_best_one(utilities, penalty):
    """No step between two domains betters it."""
    u, count = np.array(utilities), len(utilities)
    caps = np.full(count, max(0.5, 1 / count))
    w = portfolio(u, caps, penalty)
    assert w.sum() == pytest.approx(1)
    slopes = u - 2 * penalty * w
    can_rise, can_fall = slopes[w < caps - 1e-6], slopes[w > 1e-6]
    assert can_rise.max(initial=-np.inf) <= can_fall.min() + 1e-4


def test_a_portfolio_without_a_penalty_is_refused():
    with pytest.raises(PhasemixError, match="must be above 0"):
        portfolio(np.ones(2), np.ones(2), 0.0)


@pytest.mark.parametrize("truth", [(0.5, 0.3, 2.0), (2.0, 0.8, 1.0), (5.0, 0.2, 2.5)])
def test_a_law_of_amounts_goes_through_its_three_points(truth):
    others, exponent, floor = truth
    amounts = np.array([1 / 3, 1.0, 3.0])
    losses = floor + (others + amounts) ** -exponent
    found = fit_amounts(amounts.tolist(), losses.tolist())
    assert found.floor + (found.others + amounts) ** -found.exponent == pytest.approx(losses, abs=1e-7)


def test_best_amounts_are_those_of_a_general_solver():
    laws = [Amounts(0.5, 0.3, 2.0), Amounts(2.0, 0.8, 1.0), Amounts(5.0, 0.2, 2.5)]

    def loss(n):
        return sum((law.others + amount) ** -law.exponent for law, amount in zip(laws, n, strict=True))

    constraint = {"type": "eq", "fun": lambda n: n.sum() - 3}
    general = minimize(loss, np.ones(3), bounds=[(1e-3, 3)] * 3, constraints=constraint, tol=1e-12)
    assert best_amounts(laws, 3.0) == pytest.approx(general.x, abs=2e-3)


def test_amounts_are_extrapolated_as_published():
    """N₃ = N₂²/N₁: from (1, 2) and (2, 3) to (4, 4.5), which are 8.5 tokens; and between two of them, as many."""
    first, second = np.array([1.0, 2.0]), np.array([2.0, 3.0])
    assert extrapolated(first, second, 8.5).tolist() == pytest.approx([4.0, 4.5])
    assert extrapolated(first, second, 1e4).sum() == pytest.approx(1e4)
