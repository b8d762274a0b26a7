"""The log-linear law."""

import numpy as np
import pytest

from tests.laws.truth import value_at

TRUTH = [[1.8, -0.6, 0.4, 0.9], [2.2, 0.8, -0.9, 0.3], [1.2, 1.0, 0.6, -0.7]]
REPEATS = 8


def test_by_hand():
    assert value_at("log-linear", [1.0, 2 * np.log(2), 0.0, 0.0]) == pytest.approx(1 + 2)
