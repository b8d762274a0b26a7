"""Capacity allocation; its division of capacity is tested in ``tests/fitting/test_capacity_formula.py``."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.fitting.law import LawError
from phasemix.laws import load_law
from tests.laws.shared_capacity import BROAD, capacity_runs, true_parameters
from tests.laws.truth import noisy


def test_recovery():
    runs, law = capacity_runs(BROAD), load_law("capacity-allocation")
    exact = law.fit(runs)
    np.testing.assert_allclose(exact.predict(runs), runs.loss, rtol=1e-4)
    np.testing.assert_allclose(exact.parameters()["value"], true_parameters(BROAD), rtol=0.02)


def test_intervals_hold_under_the_noise_of_runs():
    runs, law, rng = capacity_runs(BROAD), load_law("capacity-allocation"), np.random.default_rng(1)
    inside, predicted = [], []
    for _ in range(8):
        fit = law.fit(noisy(runs, 0.01, rng, between=0.9))
        table = fit.parameters()
        held = (table["low"] <= true_parameters(BROAD)) & (true_parameters(BROAD) <= table["high"])
        inside += held[table["identified"]].tolist()
        low, high = fit.interval(runs)
        predicted.append(np.mean((low <= runs.loss) & (runs.loss <= high)))
    assert np.mean(inside) >= 0.88
    assert 0.88 <= np.mean(predicted) <= 0.995


def test_a_larger_model_is_predicted():
    runs = capacity_runs(BROAD)
    largest = runs.size == runs.size.max()
    fit = load_law("capacity-allocation").fit(runs.rows(~largest))
    np.testing.assert_allclose(fit.predict(runs.rows(largest)), runs.rows(largest).loss, rtol=2e-3)


def test_domains_without_a_mix_column_are_skipped():
    runs = capacity_runs(BROAD)
    renamed = type(runs)(
        runs.run, runs.domains, runs.mixture, ("a", "b", "z"), runs.loss, size=runs.size, step=runs.step
    )
    assert load_law("capacity-allocation").fit(renamed).skipped == {"z": "needs its own proportion, mix.z"}
    with pytest.raises(LawError, match="no loss domain has a mix column"):
        load_law("capacity-allocation").fit(replace(runs, targets=("x", "y", "z")))
