"""Every law finds its own parameters again: exactly without noise, within its intervals with it."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.laws.catalogue import LAWS
from phasemix.laws.runs import Runs
from tests.laws.truths import DOMAINS, TRUTHS, truth

DRAWS = 34  # × 3 domains: a hundred trials
ENOUGH = {"bimix-power": 4, "exponential": 8, "log-linear": 8, "regmix-linear": 4, "autoscale": 2}


@pytest.mark.parametrize("name", TRUTHS)
def test_parameters_without_noise(name):
    known = truth(name)
    fit = LAWS[name].fit(known.runs)
    table = fit.parameters()
    np.testing.assert_allclose(table["value"].to_numpy().reshape(known.parameters.shape), known.parameters, rtol=1e-4)
    assert table["identified"].all()
    assert not fit.notes


@pytest.mark.parametrize("name", TRUTHS)
def test_intervals_cover_the_parameters_under_noise(name):
    known = truth(name, repeats=ENOUGH.get(name, 1))
    rng = np.random.default_rng(1)
    inside, predicted = [], []
    for _ in range(DRAWS):
        fit = LAWS[name].fit(known.noisy(0.01, rng))
        table = fit.parameters()
        sure = table[table["identified"]]
        value = known.parameters.ravel()[table["identified"].to_numpy()]
        inside += ((sure["low"] <= value) & (value <= sure["high"])).tolist()
        low, high = fit.interval(known.runs)
        predicted.append(np.mean((low <= known.runs.loss) & (known.runs.loss <= high)))
    assert len(inside) > 0.95 * DRAWS * known.parameters.size
    assert 0.9 <= np.mean(inside) <= 0.99
    assert 0.9 <= np.mean(predicted) <= 0.99


def step_runs(rng, noise=0.0):
    step = np.tile(np.geomspace(1e3, 1e5, 12), 100)
    run = np.repeat([f"r{i}" for i in range(100)], 12).astype(object)
    loss = 60 * step**-0.6 + 2
    mixture = np.repeat(rng.dirichlet(np.ones(3), 100), 12, axis=0)
    return Runs(run, DOMAINS, mixture, ("a",), (loss * (1 + noise * rng.normal(size=loss.shape)))[:, None], step=step)


def test_the_step_law_recovers_every_curve():
    exact, rng = np.tile([60.0, 0.6, 2.0], 100), np.random.default_rng(3)
    clean = step_runs(rng)
    np.testing.assert_allclose(LAWS["step-law"].fit(clean).parameters()["value"], exact, rtol=1e-4)
    fit = LAWS["step-law"].fit(step_runs(rng, 0.01))
    table = fit.parameters()
    sure = table["identified"].to_numpy()
    inside = (table["low"] <= exact) & (exact <= table["high"])
    assert sure.mean() > 0.9
    assert 0.9 <= inside[sure].mean() <= 0.99
    low, high = fit.interval(clean)
    assert 0.9 <= np.mean((low <= clean.loss) & (clean.loss <= high)) <= 0.99


def threshold_runs():
    """Losses that jump where a proportion passes a threshold: what trees can be exact about."""
    mixture = np.random.default_rng(0).multinomial(10, [0.3, 0.3, 0.4], size=400) / 10
    loss = np.stack([2 + (mixture[:, i] < limit) for i, limit in enumerate((0.25, 0.35, 0.45))], axis=1)
    return Runs(np.array([f"r{i}" for i in range(400)], object), DOMAINS, mixture, DOMAINS, loss)


def test_trees_recover_predictions():
    clean, law = threshold_runs(), LAWS["regmix-lightgbm"]
    np.testing.assert_allclose(law.fit(clean).predict(clean), clean.loss, rtol=1e-4)
    rng, inside = np.random.default_rng(1), []
    for _ in range(3):
        noisy = replace(clean, loss=clean.loss * (1 + 0.01 * rng.normal(size=clean.loss.shape)))
        low, high = law.fit(noisy).interval(clean)
        inside.append(np.mean((low <= clean.loss) & (clean.loss <= high)))
    assert 0.9 <= np.mean(inside) <= 0.99


def test_kriging_recovers_predictions_at_unseen_mixtures():
    known, law = truth("transfer"), LAWS["kriging"]
    unseen = known.runs.mixtures >= 50
    asked = known.runs.rows(unseen)
    np.testing.assert_allclose(law.fit(known.runs.rows(~unseen)).predict(asked), asked.loss, rtol=1e-4)
    rng, inside = np.random.default_rng(1), []
    for _ in range(4):
        low, high = law.fit(known.noisy(0.01, rng).rows(~unseen)).interval(asked)
        inside.append(np.mean((low <= asked.loss) & (asked.loss <= high)))
    assert 0.9 <= np.mean(inside) <= 0.99
