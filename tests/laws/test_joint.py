"""The joint law."""

import pytest

from tests.laws.truth import value_at

# E; C and γ of a, b, c; B of a, b, c, γ_B, b; A of a, b, c, γ_A, a
TRUTH = [
    [1.2, 1.5, 0.3, 0.4, 0.5, 0.6, 0.8, 40.0, 90.0, 200.0, 0.9, 0.5, 30.0, 60.0, 150.0, 0.8, 0.25],
    [0.9, 0.4, 1.2, 0.5, 0.7, 0.4, 0.6, 150.0, 70.0, 300.0, 1.1, 0.6, 120.0, 60.0, 30.0, 1.2, 0.3],
    [1.5, 0.3, 0.5, 1.4, 0.6, 0.9, 0.5, 75.0, 200.0, 25.0, 0.8, 0.45, 90.0, 250.0, 40.0, 1.0, 0.35],
]
CONVEX = False  # γ_B < 1: a concave term


def test_by_hand():
    mixed = 1 / (1 * 0.5 + 2 * 0.5 + 4 * 0.5)
    steps = (4 * 0.5 + 4 * 0.25 + 8 * 0.25) ** 2 / 16**0.5
    sizes = (1 * 0.5 + 1 * 0.25 + 1 * 0.25) ** 1 / 81**0.25
    parameters = [1.0, 1.0, 2.0, 4.0, 1.0, 0.5, 0.5, 4.0, 4.0, 8.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.25]
    assert value_at("joint", parameters) == pytest.approx(1 + mixed + steps + sizes)
