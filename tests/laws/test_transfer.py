"""The transfer law."""

import pytest

from tests.laws.truth import value_at

# E, α, γ; K of a, b, c; B, F, b of steps; A, H, a of sizes
TRUTH = [
    [1.2, 0.35, 0.7, 0.87, 1.5, 2.2, 20.0, 60.0, 0.5, 40.0, 30.0, 0.3],
    [0.9, 0.5, 0.8, 2.2, 0.91, 1.6, 60.0, 25.0, 0.6, 25.0, 60.0, 0.25],
    [1.5, 0.4, 0.6, 2.1, 1.3, 0.87, 30.0, 40.0, 0.45, 60.0, 20.0, 0.35],
]
BY_HAND = [1.0, 0.5, 1.0, 0.5, 0.5, 0.5, 4.0, 8.0, 0.5, 6.0, 9.0, 0.25]


def test_by_hand():
    rho = 4 * 0.5 + 4 * 0.25 + 4 * 0.25  # 0.5^(−1/0.5) = 4
    assert value_at("transfer", BY_HAND) == pytest.approx(1 + rho**-0.5 * (1 + 4 / 4 + 6 / 3) + 8 / 4 + 9 / 3)


def test_a_proportion_of_zero_adds_nothing():
    rho = 4 * 0.75 + 9 * 0.25
    parameters = [*BY_HAND[:4], 1 / 3, 0.5, *BY_HAND[6:]]
    expected = 1 + rho**-0.5 * (1 + 4 / 4 + 6 / 3) + 8 / 4 + 9 / 3
    assert value_at("transfer", parameters, mixture=(0.75, 0.25, 0)) == pytest.approx(expected)


def test_k_is_what_a_domain_alone_has_above_the_floor():
    parameters = [1.0, 0.37, 0.6, 9.0, 0.7, 3.0, 1e-6, 1e-6, 1.0, 1e-6, 1e-6, 1.0]
    assert value_at("transfer", parameters, mixture=(0, 1, 0)) == pytest.approx(1.7, abs=1e-5)
