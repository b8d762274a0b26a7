"""Kriging."""

import numpy as np

from phasemix.laws import load_law
from tests.laws.truth import STEPS, noisy, truth


def test_recovery():
    """Every other step of 30 mixtures, of which 6 are not shown; one loss domain is enough, and quicker."""
    runs, law = truth("transfer", mixtures=30).runs.of_targets(("a",)), load_law("kriging")
    rows = np.isin(runs.step, STEPS[::2])
    unseen = runs.mixture_numbers >= 24
    seen, asked = rows & ~unseen, runs.rows(rows & unseen)
    np.testing.assert_allclose(law.fit(runs.rows(seen)).predict(asked), asked.loss, rtol=1e-4)
    rng, inside = np.random.default_rng(1), []
    for _ in range(4):
        low, high = law.fit(noisy(runs, 0.01, rng).rows(seen)).interval(asked)
        inside.append(np.mean((low <= asked.loss) & (asked.loss <= high)))
    assert np.mean(inside) >= 0.9  # they hold the transfer law's own uncertainty whole, and are rather wide
