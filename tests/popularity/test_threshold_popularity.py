"""Algorithm 1 of paper A, by hand and on models with a known threshold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.popularity.threshold_popularity import threshold_popularity
from tests.popularity.worlds import answers_of, threshold_of


def of(popularity, correct, **options):
    return threshold_popularity(np.array(popularity), np.array(correct), **options)


def test_by_hand():
    """Accuracies so far, from the most popular down: 1, 1/2, 2/3, 3/4, 3/5, 3/6."""
    popularity, correct = [60, 50, 40, 30, 20, 10], [1, 0, 1, 1, 0, 0]
    assert of(popularity, correct, tolerance=0) == (60.0, "on"), "the first miss ends the search"
    assert of(popularity, correct, tolerance=1) == (20.0, "on")
    assert of(popularity, correct, target=0.7, tolerance=2) == (30.0, "on")
    assert of(popularity, correct, target=0.5, tolerance=1) == (10.0, "below")
    assert of(popularity[::-1], correct[::-1], tolerance=1) == (20.0, "on"), "whatever the order"


def test_facts_of_one_popularity_are_one_step():
    """Three facts of popularity 9, of which two are known, then one of 5: 2/3, 2/4."""
    assert of([9, 5, 9, 9], [1, 0, 0, 1], tolerance=0) == (9.0, "on")


def test_several_questions_about_a_fact():
    found = of([9, 5], [20, 11], asked=np.array([25, 25]), target=0.6, tolerance=0)
    assert found == (5.0, "below")
    assert of([9, 5], [20, 9], asked=np.array([25, 25]), target=0.6, tolerance=0) == (9.0, "on")


def test_a_model_that_knows_nothing_has_no_threshold():
    found = of([3, 2, 1], [0, 0, 1])
    assert math.isnan(found.popularity)
    assert found.standing == "above"


def test_what_is_no_popularity_is_refused():
    with pytest.raises(ValueError, match="facts of positive popularity"):
        of([1, 0], [1, 1])
    with pytest.raises(ValueError, match="facts of positive popularity"):
        of([], [])


@pytest.mark.parametrize("parameters", [1e8, 1e9, 2e10])
def test_a_steep_model_has_its_threshold_where_it_begins_to_know(parameters):
    """Above the middle nearly all is known: six of ten so far, where the unknown are two thirds of the known."""
    table = answers_of({"m": parameters}, np.random.default_rng(0), sharpness=40)
    found = threshold_popularity(table["popularity"].to_numpy(), table["correct"].to_numpy())
    known = np.log(1e6 / threshold_of(parameters))
    assert np.log(1e6 / found.popularity) == pytest.approx(known / 0.6, rel=0.06)


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=60))
def test_a_lower_target_and_a_larger_tolerance_reach_as_far_or_farther(facts):
    popularity, correct = np.array(facts, dtype=float).T

    def least(**options):
        found = threshold_popularity(popularity, correct, **options)
        return np.inf if found.standing == "above" else found.popularity

    assert least(target=0.4) <= least(target=0.6) <= least(target=0.8)
    assert least(tolerance=9) <= least(tolerance=5) <= least(tolerance=0)
    assert least(tolerance=10**6) in {*popularity, np.inf}
