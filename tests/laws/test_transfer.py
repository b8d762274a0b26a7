"""The transfer law."""

import pytest

from tests.laws.truth import value_at

# E, α, γ; T of a, b, c; B, F, b of steps; A, H, a of sizes
TRUTH = [
    [1.2, 0.35, 0.7, 1.5, 0.3, 0.1, 20.0, 60.0, 0.5, 40.0, 30.0, 0.3],
    [0.9, 0.5, 0.8, 0.2, 1.2, 0.4, 60.0, 25.0, 0.6, 25.0, 60.0, 0.25],
    [1.5, 0.4, 0.6, 0.15, 0.5, 1.4, 30.0, 40.0, 0.45, 60.0, 20.0, 0.35],
]
BY_HAND = [1.0, 0.5, 1.0, 4.0, 4.0, 4.0, 4.0, 8.0, 0.5, 6.0, 9.0, 0.25]


def test_by_hand():
    rho = 4 * 0.5 + 4 * 0.25 + 4 * 0.25
    assert value_at("transfer", BY_HAND) == pytest.approx(1 + rho**-0.5 * (1 + 4 / 4 + 6 / 3) + 8 / 4 + 9 / 3)


def test_a_proportion_of_zero_adds_nothing():
    rho = 4 * 0.75 + 9 * 0.25
    parameters = [*BY_HAND[:4], 9.0, 4.0, *BY_HAND[6:]]
    expected = 1 + rho**-0.5 * (1 + 4 / 4 + 6 / 3) + 8 / 4 + 9 / 3
    assert value_at("transfer", parameters, mixture=(0.75, 0.25, 0)) == pytest.approx(expected)
