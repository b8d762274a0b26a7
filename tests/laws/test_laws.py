"""Formulas against values worked out by hand, gradients against differences, and what fits must state."""

from dataclasses import replace

import cvxpy as cp
import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.laws.catalogue import LAWS
from phasemix.laws.file import read_law, write_law
from phasemix.laws.kriging import Sites, covariance, negative_log_posterior, prior_variance
from phasemix.laws.law import LawError
from phasemix.laws.nested import Nested
from phasemix.laws.parametric import Inputs, Scale, huber_score
from phasemix.laws.runs import Runs
from phasemix.laws.solver import loss as huber_loss
from phasemix.laws.solver import minimise
from tests.laws.truths import DOMAINS, TRUTHS, truth


def formula(name):
    return LAWS[name].inner if isinstance(LAWS[name], Nested) else LAWS[name]


HALF = Inputs(np.array([[0.5, 0.25, 0.25]]), np.array([[0.25]]), np.array([16.0]), np.array([81.0]))


@pytest.mark.parametrize(
    ("name", "parameters", "at", "value"),
    [
        ("bimix", [0.5, 8.0, 0.5, 1.0], HALF, 2 * (8 / 4 + 1)),  # r = 1/4, s = 16
        ("bimix-power", [3.0, 0.5], HALF, 6.0),
        ("exponential", [1.0, 2 * np.log(2), 0.0, 0.0], HALF, 1 + 2),
        ("regmix-linear", [2.0, 4.0, 8.0], HALF, 1 + 1 + 2),
        ("autoscale", [10.0, 5.0, 2.0, 1.0], HALF, 10 / 81 + 1),  # 5 + 16/4 = 9
        # 1 + 1/(2·√.25 + 4·√.25 + 0) with r = .5 to the power 1: 1 + 1/(1·.5 + 2·.5 + 4·.5) + 6/√16 + 9/⁴√81
        ("additive", [1.0, 1.0, 2.0, 4.0, 1.0, 0.5, 0.5, 6.0, 0.5, 9.0, 0.25], HALF, 1 + 1 / 3.5 + 6 / 4 + 9 / 3),
        (
            "joint",
            [1.0, 1.0, 2.0, 4.0, 1.0, 0.5, 0.5, 4.0, 4.0, 8.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.25],
            HALF,
            1 + 1 / 3.5 + 25 / 4 + 1 / 3,
        ),
        # ρ = 4·.5 + 4·.25 + 4·.25 = 4; 1 + 4^−½·(1 + 4/4 + 6/3) + 8/4 + 9/3
        ("transfer", [1.0, 0.5, 1.0, 4.0, 4.0, 4.0, 4.0, 8.0, 0.5, 6.0, 9.0, 0.25], HALF, 1 + 0.5 * 4 + 2 + 3),
    ],
)
def test_values_by_hand(name, parameters, at, value):
    found, _ = formula(name).evaluate(np.array([parameters]), at)
    assert found[0, 0] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("name", TRUTHS)
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


@pytest.mark.parametrize("name", TRUTHS)
def test_expressions_are_the_formulas(name):
    known = truth(name)
    law, p = known.law, known.parameters[0]
    r = cp.Variable(3)
    scale = Scale(known.runs.scales[0, 1] or None, known.runs.scales[0, 0] or None)
    expression = law.expression(p, r, r[0] if "own" in law.needs else None, scale)
    r.value = known.runs.mixture[0]
    assert expression.value == pytest.approx(known.runs.loss[0, 0], rel=1e-9)
    assert expression.is_dcp() == (name != "joint")  # γ_B < 1 here: a concave term


def test_zero_proportions_are_nothing_to_additive_and_transfer():
    for name, at in (("additive", [[0.5, 0.5, 0.0]]), ("transfer", [[0.5, 0.5, 0.0]])):
        p = np.array([TRUTHS[name][0]])
        value, gradient = formula(name).evaluate(p, Inputs(np.array(at), None, np.array([1e4]), np.array([1e7])))
        other = p.copy()
        other[0, {"additive": 3, "transfer": 5}[name]] *= 100  # of domain c
        assert formula(name).evaluate(other, Inputs(np.array(at), None, np.array([1e4]), np.array([1e7])))[0] == value
        assert np.isfinite(gradient).all()


def test_zero_own_proportions_are_stated():
    known = truth("bimix-power")
    mixture = known.runs.mixture.copy()
    mixture[:5, 0] = 0
    fit = LAWS["bimix-power"].fit(replace(known.runs, mixture=mixture / mixture.sum(axis=1, keepdims=True)))
    assert any(note.startswith("a: 5 of 60 own proportions are 0 and count as") for note in fit.notes)
    assert np.isfinite(fit.predict(fit.runs)).all()


def test_a_domain_never_mixed_in_is_not_identified():
    """With c always at 0 nothing can be known of it; a and b alone decide."""
    rng = np.random.default_rng(0)
    mixture = np.column_stack([rng.dirichlet(np.ones(2), 40), np.zeros(40)])
    loss = (1.8 + np.exp(mixture @ np.array([-0.6, 0.4, 0.0])))[:, None]
    names = np.array([f"r{i}" for i in range(40)], object)
    fit = LAWS["exponential"].fit(Runs(names, DOMAINS, mixture, ("x",), loss))
    assert "x: the runs do not identify t[c]" in fit.notes
    table = fit.parameters().set_index("parameter")
    assert not table.loc["t[c]", "identified"]
    assert np.isnan(table.loc["t[c]", "low"])
    assert table.loc["t[a]", "value"] == pytest.approx(-0.6, rel=1e-4)
    low, high = fit.interval(fit.runs)
    assert np.isfinite(low).all()
    assert np.isfinite(high).all()


def test_own_proportion_laws_skip_other_loss_domains_by_name():
    known = truth("bimix")
    runs = replace(known.runs, targets=("a", "b", "chat"))
    fit = LAWS["bimix"].fit(runs)
    assert fit.targets == ("a", "b")
    assert fit.skipped == {"chat": "needs its own proportion, mix.chat"}


@pytest.mark.parametrize("name", LAWS)
def test_too_few_runs_and_one_mixture_are_one_line(name):
    one = truth("transfer", mixtures=1).runs
    few = one.rows(np.arange(1))
    for runs in (few, replace(few, step=None, size=None)):
        with pytest.raises(LawError) as error:
            LAWS[name].fit(runs)
        assert name in str(error.value)
        assert "\n" not in str(error.value)


def test_nested_laws_pass_through_steps_and_sizes():
    """Laid through exact exponential fits at every step, step laws meet the steps between and beyond."""
    rng = np.random.default_rng(0)
    mixture = rng.dirichlet(np.ones(3), size=30)
    steps = np.array([1e3, 2e3, 4e3, 8e3, 1.6e4])

    def losses(step):
        return np.exp(mixture @ np.array([0.2, 0.5, 0.9])) * (1 + 30 * step**-0.5)

    def table(at):
        runs = np.repeat([f"r{i}" for i in range(30)], len(at)).astype(object)
        loss = np.stack([losses(step) for step in at], axis=1).ravel()
        return Runs(runs, DOMAINS, np.repeat(mixture, len(at), axis=0), ("x",), loss[:, None], step=np.tile(at, 30))

    fit = LAWS["exponential"].fit(table(steps))
    for at in ([2e3], [3e3], [6.4e4]):
        np.testing.assert_allclose(fit.predict(table(np.array(at))), table(np.array(at)).loss, rtol=1e-3)
    two = LAWS["exponential"].fit(table(steps[:2]))
    with pytest.raises(LawError, match="fitted at 2 steps"):
        two.predict(table(np.array([3e3])))


def test_nested_laws_keep_to_the_domains_that_all_steps_have(tmp_path):
    """At one step domain a's proportion never varies: the law leaves a out, and its file says the same."""
    rng = np.random.default_rng(0)
    mixture = np.concatenate([rng.dirichlet(np.ones(3), size=20), np.zeros((20, 3))])
    mixture[20:, 0] = 0.2
    mixture[20:, 1] = rng.uniform(0.1, 0.7, size=20)
    mixture[20:, 2] = 0.8 - mixture[20:, 1]
    step = np.repeat([100.0, 200.0], 20)
    loss = np.array([2.0, 3.0, 4.0]) / mixture**0.1 * (1 + 1 / np.sqrt(step))[:, None]
    runs = Runs(np.array([f"r{i}" for i in range(40)], object), DOMAINS, mixture, DOMAINS, loss, step=step)
    fit = LAWS["bimix-power"].fit(runs)
    assert fit.targets == ("b", "c")
    assert fit.skipped == {"a": "its own proportion never varies (step 200)"}
    np.testing.assert_allclose(fit.predict(runs), loss[:, 1:], rtol=1e-6)
    write_law(tmp_path / "law.json", fit)
    np.testing.assert_array_equal(read_law(tmp_path / "law.json").predict(runs), fit.predict(runs))
    with pytest.raises(LawError, match="the table needs a column step"):
        fit.predict(replace(runs, step=None))


@pytest.mark.parametrize("name", LAWS)
def test_a_law_file_predicts_as_the_fit(name, tmp_path):
    known = truth("transfer", mixtures=12)
    runs = known.noisy(0.01, np.random.default_rng(0))
    if name in ("exponential", "log-linear", "bimix-power", "regmix-linear"):
        runs = runs.rows(np.isin(runs.step, runs.step[:3]))
    fit = LAWS[name].fit(runs)
    write_law(tmp_path / "law.json", fit)
    again = read_law(tmp_path / "law.json")
    np.testing.assert_array_equal(again.predict(runs), fit.predict(runs))
    assert (again.targets, again.notes, again.skipped) == (fit.targets, fit.notes, fit.skipped)
    write_law(tmp_path / "again.json", again)
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "law.json").read_bytes()


def test_damaged_law_files_are_one_line(tmp_path):
    path = tmp_path / "law.json"
    for content in (
        "",
        "{",
        "[]",
        '{"format": "phasemix law 1"}',
        '{"format": "phasemix law 1", "runs": {}, "law": "x"}',
    ):
        path.write_text(content)
        with pytest.raises(PhasemixError) as error:
            read_law(path)
        assert str(path) in str(error.value)
        assert "\n" not in str(error.value)
    with pytest.raises(PhasemixError, match="no such file"):
        read_law(tmp_path / "none.json")
    write_law(path, LAWS["regmix-linear"].fit(truth("regmix-linear").runs))
    good = path.read_text()
    for broken in (good.replace('"theta"', '"thet"'), good.replace('"regmix-linear"', '"foo"', 1)):
        path.write_text(broken)
        with pytest.raises(PhasemixError) as error:
            read_law(path)
        assert "\n" not in str(error.value)


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


def test_the_process_is_a_gaussian_one():
    rng = np.random.default_rng(0)
    sites = Sites(np.sqrt(rng.dirichlet(np.ones(4), 30)), rng.normal(size=(30, 2)), 0.3 * rng.normal(size=(30, 3)))
    point, left = 0.5 * rng.normal(size=11), rng.normal(size=30)
    k = covariance(np.exp(point), sites, sites)
    np.testing.assert_allclose(np.diag(k), prior_variance(np.exp(point), sites))
    noisy = k + np.exp(point[5]) * np.eye(30)
    by_hand = 0.5 * left @ np.linalg.solve(noisy, left) + 0.5 * np.linalg.slogdet(noisy)[1] + 0.02 * point @ point
    value, slope = negative_log_posterior(point, sites, left)
    assert value == pytest.approx(by_hand)
    for i, step in enumerate(1e-6 * np.eye(11)):
        up, down = (negative_log_posterior(point + s, sites, left)[0] for s in (step, -step))
        assert slope[i] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-6)
