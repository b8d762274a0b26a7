"""The law that sees the cliff."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.fitting.law import LawError
from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.facts import equal_facts
from phasemix.theory.power_law import PowerLaw
from tests.laws.shared_capacity import FACTUAL, capacity_runs, true_parameters
from tests.laws.truth import noisy


def test_recovery():
    runs, law = capacity_runs(FACTUAL), load_law("cliff")
    exact = law.fit(runs)
    np.testing.assert_allclose(exact.predict(runs), runs.loss, rtol=1e-4)
    np.testing.assert_allclose(exact.recall(runs)["b"], runs.recall[:, 1], atol=1e-3)
    np.testing.assert_allclose(exact.parameters()["value"], true_parameters(FACTUAL), rtol=0.02)


def test_intervals_hold_under_the_noise_of_runs():
    runs, law, rng = capacity_runs(FACTUAL, mixtures=30), load_law("cliff"), np.random.default_rng(1)
    inside, predicted = [], []
    for _ in range(10):
        fit = law.fit(noisy(runs, 0.01, rng, between=0.9))
        table = fit.parameters()
        held = (table["low"] <= true_parameters(FACTUAL)) & (true_parameters(FACTUAL) <= table["high"])
        inside += held[table["identified"]].tolist()
        low, high = fit.interval(runs)
        predicted.append(np.mean((low <= runs.loss) & (runs.loss <= high)))
    assert np.mean(inside) >= 0.88
    assert 0.88 <= np.mean(predicted) <= 0.995


def test_runs_whose_facts_nobody_asked_for():
    """Losses alone tell what is known; recall accuracies of some runs are enough for those of all."""
    runs = capacity_runs(FACTUAL)
    silent = load_law("cliff").fit(replace(runs, recall=None))
    assert silent.recall(runs) == {}
    np.testing.assert_allclose(silent.predict(runs), runs.loss, rtol=1e-3)
    some = runs.recall.copy()
    some[::3] = np.nan
    fit = load_law("cliff").fit(replace(runs, recall=some))
    np.testing.assert_allclose(fit.recall(runs)["b"], runs.recall[:, 1], atol=2e-3)


def test_it_needs_facts():
    runs = capacity_runs(FACTUAL)
    with pytest.raises(LawError, match=r"cliff needs a domain of facts: a column facts\.<domain> with their bits"):
        load_law("cliff").fit(replace(runs, facts=None, recall=None))
    fit = load_law("cliff").fit(runs)
    with pytest.raises(LawError, match=r"the table needs its columns facts\.<domain>"):
        fit.predict(replace(runs, facts=None))


BITS, TOKENS, PER_PARAMETER = 25.0, 66.0, 0.3  # of a person, of a biography, of capacity
WEB = PowerLaw(40.0, 0.35, 2.0)  # bits per token over bits of capacity
SIZES = (4e4, 6e4, 9e4, 1.4e5)
PEOPLE = (120, 240)
RATIOS = np.array([0.03, 0.06, 0.1, 0.15, 0.2, 0.27, 0.35, 0.45, 0.6, 0.8])


def known_share(size, people, ratio):
    """What an optimal learner of bounded capacity knows of so many people: a cliff."""
    facts = equal_facts(people, BITS, TOKENS)
    return float(BoundedLearner([facts], WEB, ratio).known(PER_PARAMETER * size)[0])


def critical(share, size, people):
    """The ratio at which half is known."""
    grid = np.geomspace(0.01, 0.95, 400)
    return grid[np.searchsorted([share(size, people, ratio) for ratio in grid], 0.5)]


def learner_world(rng):
    """Runs of the learner at four sizes, under noise of half a per cent of losses and three points of recall."""
    places = [(size, people, ratio) for size in SIZES for people in PEOPLE for ratio in RATIOS]
    size, people, ratio = (np.array(column, float) for column in zip(*places, strict=True))
    known = np.array([known_share(*place) for place in places])
    left = PER_PARAMETER * size - known * people * BITS
    loss = np.log(2) * np.stack([BITS / TOKENS * (1 - known) + 0.6, WEB.loss(left)], axis=1)
    recall = np.clip(0.06 + 0.94 * known + 0.03 * rng.normal(size=len(known)), 0, 1)
    nothing = np.zeros_like(known)
    return Runs(
        np.array([f"{s:g} {p:g} {r:g}" for s, p, r in places], object),
        ("people", "web"),
        np.stack([ratio, 1 - ratio], axis=1),
        ("people", "web"),
        loss * (1 + 0.005 * rng.normal(size=loss.shape)),
        size=size,
        facts=np.stack([people * BITS, nothing], axis=1),
        recall=np.stack([recall, np.full_like(recall, np.nan)], axis=1),
    )


@pytest.mark.parametrize("people", PEOPLE)
def test_the_cliff_of_a_larger_model_is_where_the_theory_has_it(people):
    """Fitted at three sizes, asked about a fourth; a smooth law of the share not recalled is further off."""
    runs = learner_world(np.random.default_rng(0))
    smaller = runs.rows(runs.size < SIZES[-1])
    fit = load_law("cliff").fit(smaller)

    def asked(size, ratio):
        facts = np.array([[people * BITS, 0.0]])
        mixture, nothing = np.array([[ratio, 1 - ratio]]), np.empty((1, 0))
        return Runs(np.array([""], object), runs.domains, mixture, (), nothing, size=np.array([size]), facts=facts)

    def recalled(size, _, ratio):
        guess = fit.parameters().query("parameter == 'g'")["value"].item()
        return (fit.recall(asked(size, ratio))["people"][0] - guess) / (1 - guess)

    true = critical(known_share, SIZES[-1], people)
    assert abs(critical(recalled, SIZES[-1], people) / true - 1) < 0.15
    same = smaller.facts[:, 0] == people * BITS
    missed = np.maximum(1 - smaller.recall[:, 0], 1e-3)
    plain = replace(smaller, loss=np.stack([missed, smaller.loss[:, 1]], axis=1), facts=None, recall=None)
    smooth = load_law("transfer").fit(plain.rows(same))
    far = (runs.size == SIZES[-1]) & (runs.facts[:, 0] == people * BITS)
    error = np.abs(fit.recall(runs.rows(far))["people"] - runs.recall[far, 0]).mean()
    smooth_error = np.abs(1 - smooth.predict(replace(runs.rows(far), facts=None))[:, 0] - runs.recall[far, 0]).mean()
    assert error < 0.1
    assert error < 0.5 * smooth_error
