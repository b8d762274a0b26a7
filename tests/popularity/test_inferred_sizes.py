"""The law of size and threshold popularity: recovered, and its intervals hold the sizes of models left out."""

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.popularity.inferred_sizes import infer_sizes
from phasemix.popularity.popularity_law import fit_popularity_law
from tests.popularity.worlds import SLOPE, answers_of, threshold_of

SIZES = dict(zip("abcdefgh", np.geomspace(3e8, 3e10, 8), strict=True))


def test_a_line_by_hand():
    """Sizes e², e³, e⁴ at popularities e³, e², e¹: slope −1, no scatter."""
    law = fit_popularity_law(np.exp([2.0, 3.0, 4.0]), np.exp([3.0, 2.0, 1.0]))
    assert law.slope == pytest.approx(-1)
    assert law.size(np.exp(1.5)) == pytest.approx(np.exp(3.5))
    assert law.interval(np.exp(1.5), 0.95) == pytest.approx((np.exp(3.5), np.exp(3.5)), rel=1e-6)


def test_the_interval_of_another_model_by_hand():
    """Points (0, 0), (1, 1.5), (2, 1.5): slope .75, scatter² .375; at x = 3 with one degree of freedom, t(.75) = 1."""
    law = fit_popularity_law(np.exp([0.0, 1.5, 1.5 + 1e-9]), np.exp([0.0, 1.0, 2.0]))
    low, high = law.interval(np.exp(3.0), 0.5)
    half = np.sqrt(0.375 * (1 + 1 / 3 + 4 / 2))
    assert np.log([low, high]) == pytest.approx([2.5 - half, 2.5 + half], rel=1e-6)


def test_models_of_one_size_count_once():
    twice = fit_popularity_law(np.array([1e3, 1e3, 1e4, 1e5]), np.array([50.0, 200.0, 20.0, 5.0]))
    once = fit_popularity_law(np.array([1e3, 1e4, 1e5]), np.array([100.0, 20.0, 5.0]))
    assert vars(twice) | {"within": 0.0, "bend": None} == pytest.approx(vars(once) | {"bend": None})


def test_single_models_scatter_more_than_means_of_several():
    """Sizes at popularities 4 and 1/4 times their mean: a standard deviation of ln 4·√2 in log P, half of it left."""
    middle = np.array([100.0, 10.0, 1.0]).repeat(2)
    law = fit_popularity_law(np.array([1e3, 1e4, 1e5]).repeat(2), middle * np.tile([4, 0.25], 3))
    assert law.slope == pytest.approx(-1)
    assert law.scatter == pytest.approx(0, abs=1e-9)
    assert law.within == pytest.approx(np.log(4) * np.sqrt(2) * np.sqrt(1 / 2))
    low, high = law.interval(10.0, 0.5)
    assert np.log(high / 1e4) == pytest.approx(law.within), "of one degree of freedom, t(.75) is 1"
    assert low == pytest.approx(1e8 / high)


def test_a_bend_is_found():
    x = np.linspace(0, 3, 6)
    straight, bent = (
        fit_popularity_law(np.exp(5 - x + q * x**2 + 0.01 * (-1) ** np.arange(6)), np.exp(x)) for q in (0, 0.2)
    )
    assert straight.bend[1] < 0 < straight.bend[2]
    assert bent.bend == pytest.approx((0.2, 0.2, 0.2), abs=0.03)
    assert bent.bend[1] > 0


def test_too_few_sizes_are_refused():
    with pytest.raises(
        PhasemixError, match="a line needs 3 different sizes whose threshold popularity is known, and there are 2"
    ):
        fit_popularity_law(np.array([1e3, 1e4]), np.array([2.0, 1.0]))
    with pytest.raises(PhasemixError, match="all models of known size have the same threshold popularity"):
        fit_popularity_law(np.array([1e3, 1e4, 1e5]), np.array([2.0, 2.0, 2.0]))


def test_a_known_law_is_recovered_and_an_unknown_size_inferred():
    """All thresholds lie as far beyond the middle, in logarithms from the top: not a straight line, but nearly."""
    found = infer_sizes(answers_of(SIZES | {"closed": 4e9}, np.random.default_rng(0), unknown=("closed",)))
    assert found.law.slope == pytest.approx(0.6 * SLOPE, rel=0.1)
    row = found.inferred.set_index("model").loc["closed"]
    assert row["low"] < 4e9 < row["high"]
    assert row["size"] == pytest.approx(4e9, rel=0.2)
    assert np.isnan(row["inside"])


def test_intervals_hold_sizes_that_were_left_out():
    """Of models that scatter around the law by a third of their size, in 30 worlds."""
    inside = [
        infer_sizes(answers_of(SIZES, np.random.default_rng(seed), scatter=0.35)).inferred["inside"]
        for seed in range(30)
    ]
    assert 0.91 <= np.concatenate(inside).mean() <= 0.99


def test_models_beyond_the_facts_are_said_to_be():
    table = answers_of(SIZES | {"tiny": 1e3, "huge": 1e14}, np.random.default_rng(0))
    found = infer_sizes(table)
    standing = found.thresholds.set_index("model")["standing"]
    assert standing["tiny"] == "above"
    assert standing["huge"] == "below"
    assert not {"tiny", "huge"} & set(found.inferred["model"])
    few = infer_sizes(table[table["model"].isin(["a", "b", "c"])])
    assert few.law is not None
    assert few.inferred["inside"].isna().all(), "two other sizes are too few"


def test_the_threshold_is_that_of_all_facts_as_popular_or_more():
    table = pd.DataFrame({"model": "m", "parameters": 1.0, "popularity": [3, 2, 1.0], "correct": [1, 1, 0], "asked": 1})
    [row] = infer_sizes(table, tolerance=0, target=0.9).thresholds.to_dict("records")
    assert (row["threshold"], row["standing"], row["accuracy"]) == (2.0, "on", pytest.approx(2 / 3))
    assert threshold_of(1e9) == 1000
