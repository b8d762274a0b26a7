"""RegMix's linear regression."""

import pytest

from tests.laws.truth import value_at

TRUTH = [[2.0, 4.0, 5.0], [4.5, 2.5, 5.5], [4.0, 4.2, 3.1]]
REPEATS = 4


def test_by_hand():
    assert value_at("regmix-linear", [2.0, 4.0, 8.0]) == pytest.approx(1 + 1 + 2)
