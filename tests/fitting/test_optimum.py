"""Optima that are known, constraints that hold, certificates that are true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.fitting.law import LawError
from phasemix.fitting.objective_options import choose
from phasemix.fitting.optimum import find_optimum
from phasemix.fitting.optimum_bootstrap import claimed
from phasemix.fitting.optimum_search import best_mixture
from phasemix.fitting.simplex import nearest_mixtures
from phasemix.laws import load_law
from tests.laws.truth import FORMULAS, exact_fit, noisy_fit, parameters_of, truth


def test_bimix_power_against_lagrange():
    """Minimise Σ A/r^α: at the optimum A·α/r^(α+1) is the same for all domains."""
    objective, _ = choose(exact_fit("bimix-power"))
    found = find_optimum(objective, bootstrap=0)
    r = found.table["proportion"].to_numpy()
    a, alpha = parameters_of("bimix-power").T
    pull = a * alpha / r ** (alpha + 1)
    np.testing.assert_allclose(pull, pull.mean(), rtol=1e-3)
    assert found.convex
    assert found.certificate.startswith("global")
    assert r.sum() == pytest.approx(1)


def test_a_linear_law_goes_to_a_corner_and_caps_stop_it():
    """By hand: the mean weights are 3.5, 3.57, 4.53, so all of a; with a capped at .4, the rest is b."""
    fit = exact_fit("regmix-linear")
    free = find_optimum(choose(fit)[0], bootstrap=0)
    np.testing.assert_allclose(free.table["proportion"], [1, 0, 0], atol=1e-6)
    capped = find_optimum(choose(fit, cap=["a=2:200"], step=1000)[0], bootstrap=0)
    np.testing.assert_allclose(capped.table["proportion"], [0.4, 0.6, 0], atol=1e-6)
    assert capped.objective == pytest.approx(0.4 * 3.5 + 0.6 * (4 + 2.5 + 4.2) / 3)
    with pytest.raises(LawError, match=r"allow 0\.3"):
        choose(fit, cap=["a=1:100", "b=1:100", "c=1:100"], step=1000)


def test_divergence_from_a_prior_by_hand():
    """Σ w r + λ·KL(r‖p) is least at r ∝ p·exp(−w/λ)."""
    fit = exact_fit("regmix-linear")
    found = find_optimum(choose(fit, prior="a=1,b=1,c=2", kl=0.5)[0], bootstrap=0)
    w = parameters_of("regmix-linear").mean(axis=0)
    expected = np.array([1, 1, 2]) * np.exp(-w / 0.5)
    np.testing.assert_allclose(found.table["proportion"], expected / expected.sum(), atol=1e-5)


def test_targets_choose_what_counts():
    fit = exact_fit("bimix-power")
    mixture = find_optimum(choose(fit, target="a=3,b=1")[0], bootstrap=0).table["proportion"].to_numpy()
    a, alpha = parameters_of("bimix-power")[:2].T
    pull = np.array([0.75, 0.25]) * a * alpha / mixture[:2] ** (alpha + 1)
    assert pull[0] == pytest.approx(pull[1], rel=1e-3)
    assert mixture[2] == pytest.approx(0, abs=1e-6)


def test_the_flat_set_of_a_linear_law_by_hand():
    """w = 3.5, 3.57, 4.53: within .1 % of 3.5, b may have .0035/(3.5667 − 3.5) and c .0035/(4.5333 − 3.5)."""
    found = find_optimum(choose(exact_fit("regmix-linear"))[0], bootstrap=0).table
    w = parameters_of("regmix-linear").mean(axis=0)
    most = 0.001 * w[0] / (w - w[0])[1:]
    np.testing.assert_allclose(found["flat_high"][1:], most, rtol=1e-3)
    assert found["flat_low"][0] == pytest.approx(1 - most[0], rel=1e-3)


@pytest.mark.parametrize("name", ["bimix", "exponential", "autoscale", "additive", "transfer", "joint", "kriging"])
def test_no_mixture_of_a_thousand_is_better(name):
    objective, notes = choose(exact_fit(name) if name in FORMULAS else noisy_fit(name))
    found = find_optimum(objective, bootstrap=0)
    mixtures = np.random.default_rng(0).dirichlet(np.full(3, 0.7), size=1000)
    assert found.objective <= objective(mixtures).min() * (1 + 1e-6)
    assert found.convex == (name not in ("joint", "kriging"))
    table = found.table
    assert (table["flat_low"] <= table["proportion"] + 1e-9).all()
    assert (table["proportion"] <= table["flat_high"] + 1e-9).all()
    assert (table["flat_high"] - table["flat_low"]).max() > 1e-3
    assert any("--step is not given" in note for note in notes) == ("step" in objective.fit.axes)


def test_intervals_narrow_where_the_runs_leave_no_doubt():
    known = truth("bimix-power", mixtures=40)
    exact = find_optimum(choose(load_law("bimix-power").fit(known.runs))[0], bootstrap=20).table
    np.testing.assert_allclose(exact["low"], exact["high"], atol=1e-4)
    noisy = known.noisy(0.02, np.random.default_rng(0))
    found = find_optimum(choose(load_law("bimix-power").fit(noisy))[0], bootstrap=40).table
    assert ((found["high"] - found["low"]) > 0.002).all()


@pytest.mark.parametrize(("count", "confidence"), [(0, 0), (10, 0), (20, 0.5), (50, 0.8), (200, 0.95), (1000, 0.95)])
def test_few_resamples_claim_little(count, confidence):
    assert claimed(count) == pytest.approx(confidence)


def test_trees_are_averaged_as_regmix_does():
    fit = load_law("regmix-lightgbm").fit(truth("exponential", mixtures=100).runs.of_targets(("a",)))
    objective, _ = choose(fit)
    found = find_optimum(objective, bootstrap=0)
    assert not found.convex
    assert found.certificate.startswith("none")
    assert found.objective <= np.quantile(objective(fit.runs.mixture), 0.2)


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.lists(st.floats(0.34, 1), min_size=3, max_size=3))
def test_projection_is_on_the_simplex_and_nearest(point, caps):
    point, caps = np.array([point]), np.array(caps)
    found = nearest_mixtures(point, np.zeros(3), caps)[0]
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert (found <= caps + 1e-9).all()
    others = np.random.default_rng(0).dirichlet(np.ones(3), size=500)
    others = others[(others <= caps).all(axis=1)]
    assert (np.square(others - point).sum(axis=1) >= np.square(found - point[0]).sum() - 1e-6).all()


@pytest.mark.parametrize("name", ["transfer", "kriging", "joint"])
def test_flat_sets_reach_as_far_as_a_grid_finds(name):
    objective, _ = choose(noisy_fit(name))
    found = find_optimum(objective, bootstrap=0)
    steps = np.arange(0, 1.0001, 0.02)
    grid = np.array([(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1 + 1e-9]).clip(0)
    inside = grid[objective(grid) <= found.objective * 1.001]
    assert len(inside)
    assert (found.table["flat_low"] <= inside.min(axis=0) + 0.005).all()
    assert (found.table["flat_high"] >= inside.max(axis=0) - 0.005).all()


def test_domains_never_mixed_in_stay_out_and_zeros_of_the_prior_too():
    runs = truth("regmix-linear", mixtures=30).runs
    mixture = runs.mixture * [1, 1, 0]
    mixture /= mixture.sum(axis=1, keepdims=True)
    fit = load_law("exponential").fit(replace(runs, mixture=mixture, loss=2 + mixture[:, :1] + 0 * runs.loss))
    objective, notes = choose(fit)
    assert "c: is in no mixture of the runs, and stays out" in notes
    assert find_optimum(objective, bootstrap=0).table["proportion"][2] == 0
    near = find_optimum(choose(exact_fit("bimix-power"), prior="a=1,b=1", kl=0.1)[0], bootstrap=0)
    assert np.isfinite(near.objective)
    assert near.table["proportion"][2] == pytest.approx(0, abs=1e-9)
    assert near.certificate.startswith("global")


def test_a_cap_of_nothing_is_met_exactly():
    fit = load_law("additive").fit(truth("additive", mixtures=15).runs)
    found = find_optimum(choose(fit, cap=["a=0:5"], step=1e4)[0], bootstrap=0)
    assert found.table["proportion"][0] == 0
    mixtures = np.column_stack([np.zeros(101), np.linspace(0, 1, 101), np.linspace(1, 0, 101)])
    assert found.objective <= choose(fit, cap=["a=0:5"], step=1e4)[0](mixtures).min() + 1e-9


def test_nested_laws_are_optimised_at_any_step():
    known = truth("bimix", mixtures=15)
    fit = load_law("bimix-power").fit(known.runs)
    between, _ = best_mixture(choose(fit, step=7e3)[0], seed=0)
    exact, _ = best_mixture(choose(load_law("bimix").fit(known.runs), step=7e3)[0], seed=0)
    np.testing.assert_allclose(between, exact, atol=0.01)


def test_the_step_law_has_no_optimum():
    fit = noisy_fit("step-law")
    with pytest.raises(LawError, match="no optimum"):
        choose(fit)
