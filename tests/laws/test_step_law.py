"""The step law."""

import numpy as np

from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from tests.laws.truth import DOMAINS


def step_runs(rng, noise=0.0):
    step = np.tile(np.geomspace(1e3, 1e5, 12), 100)
    run = np.repeat([f"r{i}" for i in range(100)], 12).astype(object)
    loss = 60 * step**-0.6 + 2
    mixture = np.repeat(rng.dirichlet(np.ones(3), 100), 12, axis=0)
    return Runs(run, DOMAINS, mixture, ("a",), (loss * (1 + noise * rng.normal(size=loss.shape)))[:, None], step=step)


def test_recovery():
    exact, rng = np.tile([60.0, 0.6, 2.0], 100), np.random.default_rng(3)
    clean = step_runs(rng)
    np.testing.assert_allclose(load_law("step-law").fit(clean).parameters()["value"], exact, rtol=1e-4)
    fit = load_law("step-law").fit(step_runs(rng, 0.01))
    table = fit.parameters()
    sure = table["identified"].to_numpy()
    inside = (table["low"] <= exact) & (exact <= table["high"])
    assert sure.mean() > 0.9
    assert 0.9 <= inside[sure].mean() <= 0.99
    low, high = fit.interval(clean)
    assert 0.9 <= np.mean((low <= clean.loss) & (clean.loss <= high)) <= 0.99
