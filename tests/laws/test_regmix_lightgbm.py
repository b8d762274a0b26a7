"""RegMix's trees."""

from dataclasses import replace

import numpy as np

from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from tests.laws.truth import DOMAINS


def threshold_runs():
    """Losses that jump where a proportion passes a threshold: what trees can be exact about."""
    mixture = np.random.default_rng(0).multinomial(10, [0.3, 0.3, 0.4], size=400) / 10
    loss = np.stack([2 + (mixture[:, i] < limit) for i, limit in enumerate((0.25, 0.35, 0.45))], axis=1)
    return Runs(np.array([f"r{i}" for i in range(400)], object), DOMAINS, mixture, DOMAINS, loss)


def test_recovery():
    clean, law = threshold_runs(), load_law("regmix-lightgbm")
    np.testing.assert_allclose(law.fit(clean).predict(clean), clean.loss, rtol=1e-4)
    clean = clean.of_targets(DOMAINS[:1])  # one is enough, and quicker
    rng, inside = np.random.default_rng(1), []
    for _ in range(2):
        noisy = replace(clean, loss=clean.loss * (1 + 0.01 * rng.normal(size=clean.loss.shape)))
        low, high = law.fit(noisy).interval(clean)
        inside.append(np.mean((low <= clean.loss) & (clean.loss <= high)))
    assert 0.9 <= np.mean(inside) <= 0.99
