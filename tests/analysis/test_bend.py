"""The bend: parabolas worked by hand, an interval that covers, and what has none."""

import numpy as np
import pytest

from phasemix.analysis.bend import bend
from phasemix.base.seeds import generator

X = np.linspace(1, 3, 6)


def test_a_line_has_none_and_a_parabola_what_it_has():
    assert bend(X, 3 * X - 1, 0.95) == pytest.approx((0, 0, 0), abs=1e-12)
    assert bend(X - 1, (X - 1) ** 2, 0.95)[0] == pytest.approx(1 / 4)  # chord 2 in the middle, parabola 1, rise 4
    assert bend(X, 5 * X - X**2, 0.95)[0] == pytest.approx(-1 / 2)  # chord 5, parabola 6, rise 2


def test_it_has_no_unit():
    y = np.exp(X)
    assert bend(7 * X + 2, 9 * y - 5, 0.95) == pytest.approx(bend(X, y, 0.95))


def test_the_interval_covers():
    rng = generator(0, "bend")
    truth = bend(X, X + 0.1 * X**2, 0.9)[0]
    found = [bend(X, X + 0.1 * X**2 + 0.02 * rng.standard_normal(len(X)), 0.9) for _ in range(500)]
    assert np.mean([low <= truth <= high for _, low, high in found]) == pytest.approx(0.9, abs=0.04)


@pytest.mark.parametrize(("x", "y"), [(X[:3], X[:3]), (np.repeat(X[:3], 2), np.repeat(X[:3], 2)), (X, -X), (X, 0 * X)])
def test_few_points_or_no_rise_have_none(x, y):
    assert np.isnan(bend(x, y, 0.95)).all()
