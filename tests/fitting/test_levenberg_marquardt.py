"""Bounds, outliers and penalties of the least-squares method, by hand."""

import numpy as np
import pytest

from phasemix.fitting.huber import huber_loss, huber_score, huber_widening
from phasemix.fitting.levenberg_marquardt import minimise


def test_the_solver_holds_bounds_and_weighs_outliers_down():
    """A mean under Huber's loss: the outlier pulls by its threshold alone. By hand: 4·m = −.5·…"""
    x = np.array([[0.0, 0.0, 0.0, 0.0, 10.0]])

    def mean(theta, which):
        return np.repeat(theta, 5, axis=1), np.ones((len(theta), 5, 1))

    wide = (np.array([-100.0]), np.array([100.0]))
    ones = np.ones_like(x)
    assert minimise(mean, x, ones, np.array([[3.0]]), wide).theta[0, 0] == pytest.approx(2.0)
    robust = minimise(mean, x, ones, np.array([[3.0]]), wide, huber=0.4)
    assert robust.theta[0, 0] == pytest.approx(0.1)  # 4·m = .4
    held = minimise(mean, x, ones, np.array([[3.0]]), (np.array([2.5]), np.array([9.0])))
    assert held.theta[0, 0] == 2.5
    pulled = minimise(mean, x, ones, np.array([[3.0]]), wide, penalty=np.array([[[5.0]]]))
    assert pulled.theta[0, 0] == pytest.approx(1.0)  # (5 + 5)·m = 10
    assert huber_loss(np.array([0.5, 2.0]), 1.0).tolist() == [0.125, 1.5]
    np.testing.assert_allclose(huber_score(np.array([0.1, -3.0, 0.2, 0.3]), 1.0), [0.4 / 3, -4 / 3, 0.8 / 3, 1.2 / 3])
    assert huber_widening(np.array([0.1, -3.0, 0.2, 0.3]), 1.0, 2) == pytest.approx(1 + 2 / 4 * (1 / 4) / (3 / 4))
    assert huber_widening(np.array([0.1, -3.0]), None, 2) == 1
