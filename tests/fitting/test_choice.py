"""Which law is chosen, and how well it then predicts a model that is larger than all it has seen."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.fitting.choice import choose, inner_splits
from phasemix.fitting.law import LawError
from phasemix.laws import load_law
from tests.laws.shared_capacity import BROAD, capacity_runs
from tests.laws.truth import noisy, truth

LAWS = ("additive", "transfer", "exponential", "regmix-linear")


def world(name):
    """Runs of five sizes, two to three times apart, at one step, under noise of .3 %, most of it common to a run."""
    sizes = np.array([1e7, 2.5e7, 6e7, 1.5e8, 3.75e8])
    if name == "capacity":
        runs = capacity_runs(BROAD, mixtures=24, sizes=sizes, steps=np.array([2e4]))
    else:
        runs = truth(name, mixtures=24, sizes=sizes, steps=np.array([2e4])).runs
    return noisy(runs, 0.003, np.random.default_rng(3), between=0.9)


@pytest.mark.parametrize("name", ["additive", "transfer", "capacity"])
def test_the_chosen_law_predicts_a_larger_model_within_a_hundredth(name):
    runs = world(name)
    seen, larger = runs.rows(runs.size < runs.size.max()), runs.rows(runs.size == runs.size.max())
    choice = choose(seen, map(load_law, LAWS), "size", 0.2, seed=0)
    assert "at size 1.5e+08, predicted from smaller ones" in choice.why
    fit = load_law(choice.law).fit(seen)
    assert np.abs(fit.predict(larger) / larger.loss - 1).mean() < 0.01
    assert choice.law != "regmix-linear"


def test_largest_sizes_are_held_out_in_turn_and_three_tell_by_mixtures():
    runs = world("transfer")
    splits, words = inner_splits(runs, "size", 0.2, seed=0)
    assert [(fit.size.max(), set(ask.size)) for fit, ask in splits] == [(6e7, {1.5e8}), (1.5e8, {3.75e8})]
    assert words == "at size 1.5e+08 and 3.75e+08, predicted from smaller ones"
    three = runs.rows(runs.size < 1e8)
    splits, words = inner_splits(three, "size", 0.2, seed=0)
    assert (len(splits), words) == (5, "on held-out mixtures, in 5 folds")
    with pytest.raises(LawError, match="3 sizes are needed to choose a law for larger models; there are 2"):
        inner_splits(runs.rows(runs.size < 5e7), "size", 0.2, seed=0)


def test_of_laws_as_good_the_one_with_the_fewest_parameters_is_chosen():
    """A linear law has a parameter less than the exponential one, but is worse."""
    runs = truth("exponential", mixtures=24).runs
    choice = choose(noisy(runs, 0.01, np.random.default_rng(0)), map(load_law, LAWS), "mixtures", 0.2, seed=0)
    errors = dict(zip(choice.summary["law"], choice.summary["mean_relative_error"], strict=True))
    counts = dict(zip(choice.summary["law"], choice.summary["n_parameters"], strict=True))
    best = min(errors.values())
    assert counts[choice.law] == min(count for law, count in counts.items() if errors[law] <= 1.05 * best)
    assert choice.why.startswith(choice.law)


def test_steps_are_held_out_as_they_will_be_asked():
    runs = truth("bimix", mixtures=8).runs
    choice = choose(replace(runs), map(load_law, ("bimix", "regmix-linear")), "steps", 0.3, seed=0)
    assert choice.law == "bimix"
    assert "in the last 30 % of the steps" in choice.why
