"""The additive law."""

import pytest

from tests.laws.truth import value_at

# E; C and γ of a, b, c; B, b of steps; A, a of sizes
TRUTH = [
    [1.2, 1.5, 0.3, 0.4, 0.5, 0.6, 0.8, 40.0, 0.5, 30.0, 0.25],
    [0.9, 0.4, 1.2, 0.5, 0.7, 0.4, 0.6, 70.0, 0.6, 60.0, 0.3],
    [1.5, 0.3, 0.5, 1.4, 0.6, 0.9, 0.5, 25.0, 0.4, 90.0, 0.35],
]
BY_HAND = [1.0, 1.0, 2.0, 4.0, 1.0, 0.5, 0.5, 6.0, 0.5, 9.0, 0.25]


def test_by_hand():
    mixed = 1 / (1 * 0.5 + 2 * 0.5 + 4 * 0.5)  # .5 to the power 1, .25 to the power 1/2
    assert value_at("additive", BY_HAND) == pytest.approx(1 + mixed + 6 / 4 + 9 / 3)


def test_a_proportion_of_zero_adds_nothing():
    mixed = 1 / (1 * 0.75 + 2 * 0.5)
    assert value_at("additive", BY_HAND, mixture=(0.75, 0.25, 0)) == pytest.approx(1 + mixed + 6 / 4 + 9 / 3)
