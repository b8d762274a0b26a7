"""What holds for every law: formulas find their own parameters again, files predict as fits, refusals are one line.

A law's test file holds what is its own. For a formula ``TRUTH``, its known parameters, and where they differ from
the defaults ``CONVEX``, whether CVXPY proves it convex, and ``REPEATS``, how often every run is repeated for
intervals to hold; a law that is no formula has a test ``test_recovery`` instead.
"""

from dataclasses import replace

import cvxpy as cp
import numpy as np
import pytest

from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.law import LawError
from phasemix.fitting.law_file import read_law, write_law
from phasemix.laws import NAMES, load_law
from tests.laws.truth import DOMAINS, FORMULAS, exact_fit, noisy_fit, own_tests, parameters_of, truth

DRAWS = 34  # × 3 domains: a hundred trials


@pytest.mark.parametrize("name", NAMES)
def test_every_law_has_tests_of_its_own(name):
    if name in FORMULAS:
        assert len(parameters_of(name)) == len(DOMAINS)
    else:
        assert hasattr(own_tests(name), "test_recovery"), f"{name} is no formula: its tests need a test_recovery"


@pytest.mark.parametrize("name", FORMULAS)
def test_gradients(name):
    known = truth(name)
    law, p = known.law, known.parameters.copy()
    rows = known.runs.rows(np.arange(0, len(known.runs), 7))
    x = Inputs(rows.mixture, rows.own(DOMAINS) if "own" in law.needs else None, rows.step, rows.size)
    gradient = law.evaluate(p, x)[1]
    for i in range(p.shape[1]):
        h = 1e-6 * p[:, i]
        up, down = p.copy(), p.copy()
        up[:, i] += h
        down[:, i] -= h
        difference = (law.evaluate(up, x)[0] - law.evaluate(down, x)[0]) / (2 * h[:, None])
        np.testing.assert_allclose(gradient[..., i], difference, rtol=1e-5, atol=1e-9 * np.abs(gradient[..., i]).max())


@pytest.mark.parametrize("name", FORMULAS)
def test_expressions_are_the_formulas(name):
    known = truth(name)
    law, p = known.law, known.parameters[0]
    r = cp.Variable(3)
    scale = Scale(known.runs.scales[0, 1] or None, known.runs.scales[0, 0] or None)
    expression = law.expression(p, r, r[0] if "own" in law.needs else None, scale)
    r.value = known.runs.mixture[0]
    assert expression.value == pytest.approx(known.runs.loss[0, 0], rel=1e-9)
    assert expression.is_dcp() == getattr(own_tests(name), "CONVEX", True)


@pytest.mark.parametrize("name", FORMULAS)
def test_parameters_without_noise(name):
    known, fit = truth(name), exact_fit(name)
    table = fit.parameters()
    np.testing.assert_allclose(table["value"].to_numpy().reshape(known.parameters.shape), known.parameters, rtol=1e-4)
    assert table["identified"].all()
    assert not fit.notes


@pytest.mark.parametrize("name", FORMULAS)
def test_intervals_cover_the_parameters_under_noise(name):
    """Most of the noise is common to all rows of a run; for other kinds and other laws see bench/coverage.py."""
    known = truth(name, repeats=getattr(own_tests(name), "REPEATS", 1))
    rng = np.random.default_rng(1)
    inside, predicted = [], []
    for _ in range(DRAWS):
        fit = load_law(name).fit(known.noisy(0.01, rng, between=0.9))
        table = fit.parameters()
        sure = table[table["identified"]]
        value = known.parameters.ravel()[table["identified"].to_numpy()]
        inside += ((sure["low"] <= value) & (value <= sure["high"])).tolist()
        low, high = fit.interval(known.runs)
        predicted.append(np.mean((low <= known.runs.loss) & (known.runs.loss <= high)))
    assert len(inside) > 0.95 * DRAWS * known.parameters.size
    assert 0.9 <= np.mean(inside) <= 0.99
    assert 0.9 <= np.mean(predicted) <= 0.99


@pytest.mark.parametrize("name", NAMES)
def test_too_few_runs_and_one_mixture_are_one_line(name):
    one = truth("transfer", mixtures=1).runs
    few = one.rows(np.arange(1))
    for runs in (few, replace(few, step=None, size=None)):
        with pytest.raises(LawError) as error:
            load_law(name).fit(runs)
        assert name in str(error.value)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_law_file_predicts_as_the_fit(name, tmp_path):
    fit = noisy_fit(name)
    write_law(tmp_path / "law.json", fit)
    again = read_law(tmp_path / "law.json")
    np.testing.assert_array_equal(again.predict(fit.runs), fit.predict(fit.runs))
    assert (again.targets, again.notes, again.skipped) == (fit.targets, fit.notes, fit.skipped)
    write_law(tmp_path / "again.json", again)
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "law.json").read_bytes()
