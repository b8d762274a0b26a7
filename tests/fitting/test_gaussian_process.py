"""The Gaussian process against linear algebra and differences."""

import numpy as np
import pytest

from phasemix.fitting.gaussian_process import Sites, covariance, negative_log_posterior, prior_variance


def test_the_process_is_a_gaussian_one():
    rng = np.random.default_rng(0)
    run = np.arange(30) // 5
    sites = Sites(np.sqrt(rng.dirichlet(np.ones(4), 30)), rng.normal(size=(30, 2)), 0.3 * rng.normal(size=(30, 3)), run)
    point, left = 0.5 * rng.normal(size=12), rng.normal(size=30)
    k = covariance(np.exp(point), sites, sites)
    np.testing.assert_allclose(np.diag(k), prior_variance(np.exp(point), sites))
    noisy = k + np.exp(point[5]) * np.eye(30) + np.exp(point[6]) * (run[:, None] == run)
    by_hand = 0.5 * left @ np.linalg.solve(noisy, left) + 0.5 * np.linalg.slogdet(noisy)[1] + 0.02 * point @ point
    value, slope = negative_log_posterior(point, sites, left)
    assert value == pytest.approx(by_hand)
    for i, step in enumerate(1e-6 * np.eye(12)):
        up, down = (negative_log_posterior(point + s, sites, left)[0] for s in (step, -step))
        assert slope[i] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-6)
