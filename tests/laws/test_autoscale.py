"""AutoScale's power law."""

import pytest

from tests.laws.truth import value_at

TRUTH = [[8.0, 300.0, 0.4, 1.6], [12.0, 900.0, 0.5, 2.2], [6.0, 150.0, 0.3, 1.1]]
REPEATS = 2


def test_by_hand():
    assert value_at("autoscale", [10.0, 5.0, 2.0, 1.0]) == pytest.approx(10 / (5 + 16 / 4) ** 2 + 1)
