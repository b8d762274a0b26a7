"""Kriging."""

import numpy as np

from phasemix.laws import load_law
from tests.laws.truth import truth


def test_recovery():
    known, law = truth("transfer"), load_law("kriging")
    unseen = known.runs.mixture_numbers >= 50
    asked = known.runs.rows(unseen)
    np.testing.assert_allclose(law.fit(known.runs.rows(~unseen)).predict(asked), asked.loss, rtol=1e-4)
    rng, inside = np.random.default_rng(1), []
    for _ in range(4):
        low, high = law.fit(known.noisy(0.01, rng).rows(~unseen)).interval(asked)
        inside.append(np.mean((low <= asked.loss) & (asked.loss <= high)))
    assert 0.9 <= np.mean(inside) <= 0.99
