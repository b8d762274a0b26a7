"""Intervals of means over seeds, where groups share what a seed does."""

import numpy as np
import pytest

from phasemix.analysis.seed_intervals import pooled_difference, pooled_mean, unshared_noise


def test_what_every_seed_does_to_all_groups_is_no_noise_of_differences():
    rng = np.random.default_rng(0)
    seeds, groups = np.array([0.0, 10.0]), rng.normal(size=(6, 1))
    assert unshared_noise(list(groups + seeds))[0] == pytest.approx(0, abs=1e-12)


def test_the_noise_by_hand():
    """Two groups of two seeds, apart by 1 and by 3: residuals of a half."""
    noise, freedom = unshared_noise([np.array([0.0, 1.0]), np.array([0.0, 3.0])])
    assert (noise, freedom) == (pytest.approx(1.0), 1)


@pytest.mark.parametrize("groups", [[], [[1.0]], [[1.0], [2.0]], [[1.0, 2.0]], [[1.0, 2.0], [3.0]]])
def test_without_two_seeds_of_two_groups_there_is_no_interval(groups):
    noise = unshared_noise([np.array(group) for group in groups])
    assert noise[1] == 0
    mean, low, high = pooled_mean(np.array([1.0, 3.0]), noise, 0.95)
    assert mean == 2
    assert np.isnan([low, high]).all()


def test_intervals_of_differences_hold_what_they_say():
    """Ten groups, two seeds that shift all of them by much, and own noise: 95 % of intervals hold the difference."""
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(2000):
        values = rng.normal(size=2) + 0.1 * rng.normal(size=(10, 2))
        _, low, high = pooled_difference(values[0], values[1], unshared_noise(list(values)), 0.95)
        held += low <= 0 <= high
    assert held / 2000 == pytest.approx(0.95, abs=0.015)
