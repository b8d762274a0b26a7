"""The division of a bounded capacity, against values worked out by hand, and as properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from phasemix.fitting.capacity_formula import Roles, answers, division, formula_parameters
from phasemix.fitting.parameters import from_theta, to_theta
from phasemix.fitting.places import Places

TWO_BROAD = Roles(("a", "b"), (0, 1), (), (0, 1), ())
WITH_FACTS = Roles(("web", "people"), (0,), (1,), (0, 1), (1,))
THREE = Roles(("a", "people", "b"), (0, 2), (1,), (0, 1, 2), (1,))


def one_place(mixture, size, facts=(0.0, 0.0), step=1.0):
    mixture = np.array([mixture])
    return Places(
        mixture, np.array([size]), np.array([facts]), np.array([step]), np.zeros(1, int), np.array([step]), mixture
    )


def parameters(roles, **values):
    """Parameters by the letter of their name."""
    return np.array([[values[parameter.name.partition("[")[0]] for parameter in formula_parameters(roles)]])


BROAD = {"c": 1.0, "b": 1.0, "E": 0.5, "A": 2.0, "a": 0.5}
FACTS = {"V": 2.0, "kappa": 2.0, "eta": 0.0, "sigma": 0.7, "g": 0.1}


def test_two_broad_domains_by_hand():
    """With b = 1, x_i goes as the square root of r_i: 2 to 1, of N + H = 3."""
    found = answers(parameters(TWO_BROAD, H=0.5, **BROAD), one_place((0.8, 0.2), 2.5, step=4.0), TWO_BROAD)[0][0, 0]
    np.testing.assert_allclose(found, [1 / 2 + 2 / np.sqrt(3.2) + 0.5, 1 / 1 + 2 / np.sqrt(0.8) + 0.5], rtol=1e-12)


def test_a_rare_domain_keeps_the_head():
    """Without the head, .99 to .01 would be 2.73 to .27 of N + H = 3; the second has H = 1."""
    lost = division(parameters(TWO_BROAD, H=1.0, **BROAD), one_place((0.99, 0.01), 2.0), TWO_BROAD).lost[0, 0]
    np.testing.assert_allclose(lost, [1 / 2, 1], rtol=1e-12)


def test_a_head_beyond_the_model_is_the_model():
    lost = division(parameters(TWO_BROAD, H=7.0, **BROAD), one_place((0.6, 0.4), 2.0), TWO_BROAD).lost[0, 0]
    np.testing.assert_allclose(lost, [1 / 2, 1 / 2], rtol=1e-12)


def test_facts_by_hand():
    """Four bits need 2 parameters. At λ = .5 a parameter of theirs is worth just that, and 1 − 1/e of them are known;
    the web takes 2 parameters, of which one more would lower its part of the loss by .5 · 4/2²."""
    p = parameters(WITH_FACTS, **(BROAD | FACTS | {"c": 4.0}))
    known = 1 - np.exp(-1)
    found = answers(p, one_place((0.5, 0.5), 2 + 2 * known, (0.0, 4.0)), WITH_FACTS)[0][0, 0]
    data = 2 / np.sqrt(0.5)
    np.testing.assert_allclose(found, [4 / 2 + data + 0.5, 2 * (1 - known) + data + 0.5, 0.1 + 0.9 * known], rtol=1e-12)


def test_without_spread_facts_are_the_bounded_learner():
    from phasemix.theory.bounded_learner import BoundedLearner
    from phasemix.theory.facts import Facts
    from phasemix.theory.power_law import PowerLaw

    bits, ratio, value = 6.0, 0.4, 3.0
    learner = BoundedLearner([Facts(bits, value / bits)], PowerLaw(5.0, 0.6), ratio)
    for size in (1.0, 4.0, 6.0, 8.0, 12.0):
        p = parameters(WITH_FACTS, **(BROAD | FACTS | {"c": 5.0, "b": 0.6, "kappa": 1.0, "V": value, "sigma": 1e-3}))
        known = division(p, one_place((1 - ratio, ratio), size, (0.0, bits)), WITH_FACTS).known[0, 0, 0]
        assert known == pytest.approx(learner.known(size)[0], abs=2e-3)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_division_is_the_optimum(seed):
    rng = np.random.default_rng(seed)
    r, c, b = rng.dirichlet(np.ones(3)), rng.uniform(0.5, 3, 3), rng.uniform(0.1, 1.5, 3)
    roles, size, head = Roles(("a", "b", "c"), (0, 1, 2), (), (0, 1, 2), ()), rng.uniform(1, 20), rng.uniform(0.05, 0.9)
    p = np.concatenate([[head], c, b, np.zeros(9)])[None]
    place = Places(r[None], np.array([size]), np.zeros((1, 3)), np.ones(1), np.zeros(1, int), np.ones(1), r[None])
    lost = division(p, place, roles).lost[0, 0]
    amount = (lost / c) ** (-1 / b)
    assert amount.sum() == pytest.approx(size + 2 * head, rel=1e-6)
    best = minimize(
        lambda x: float(r @ (c * x**-b)),
        np.full(3, (size + 2 * head) / 3),
        bounds=[(head, None)] * 3,
        constraints=[{"type": "eq", "fun": lambda x: x.sum() - size - 2 * head}],
        method="SLSQP",
    )
    assert float(r @ lost) <= best.fun + 1e-6 * abs(best.fun)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_more_capacity_and_more_weight_never_hurt(seed):
    rng = np.random.default_rng(seed)
    p = parameters(
        WITH_FACTS,
        **(BROAD | FACTS | {"b": rng.uniform(0.2, 1), "sigma": rng.uniform(0.05, 2), "kappa": rng.uniform(0.5, 4)}),
    )
    bits = rng.uniform(0.5, 10)
    known = [division(p, one_place((0.7, 0.3), n, (0.0, bits)), WITH_FACTS) for n in (1.0, 2.0, 5.0, 20.0)]
    assert (np.diff([one.known[0, 0, 0] for one in known]) >= -1e-9).all()
    assert (np.diff([one.lost[0, 0, 0] for one in known]) <= 1e-9).all()
    shares = [
        division(p, one_place((1 - r, r), 5.0, (0.0, bits)), WITH_FACTS).known[0, 0, 0] for r in (0.05, 0.3, 0.6, 0.95)
    ]
    assert (np.diff(shares) >= -1e-9).all()


@pytest.mark.parametrize("roles", [TWO_BROAD, WITH_FACTS, THREE], ids=["broad", "facts", "three"])
def test_gradients(roles):
    rng = np.random.default_rng(0)
    m = len(roles.domains)
    mixture, facts = rng.dirichlet(np.ones(m), 6), np.zeros((6, m))
    mixture[0] = np.eye(m)[0]  # the other domains are not in it
    facts[:, list(roles.facts)] = rng.uniform(0.5, 3, (6, len(roles.facts)))
    place = np.array([0, 0, 1, 2, 3, 4, 5, 5])
    own = np.maximum(mixture[place], 0.01)
    x = Places(mixture, rng.uniform(0.3, 3, 6), facts, rng.uniform(0.5, 2, 6), place, rng.uniform(0.5, 2, 8), own)
    formula = formula_parameters(roles)
    p = parameters(roles, H=0.1, **(BROAD | FACTS | {"b": 0.4, "eta": 0.3}))
    theta = to_theta(p * rng.uniform(0.8, 1.2, p.shape), formula)
    gradient = answers(from_theta(theta, formula), x, roles)[1]
    for i in range(len(formula)):
        step = np.zeros_like(theta)
        step[0, i] = 1e-5
        up, down = (answers(from_theta(theta + sign * step, formula), x, roles)[0] for sign in (1, -1))
        np.testing.assert_allclose(gradient[..., i], (up - down) / 2e-5, atol=1e-7)
