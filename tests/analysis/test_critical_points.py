"""Critical points: hand-worked crossings, recovery of a known transition, intervals that cover."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.analysis.critical_points import Shares, crossing, share_intervals
from phasemix.analysis.critical_points import critical_points as critical_points_at
from tests.experiments.made_up import RATIOS, SIZES, accuracies, logistic, study


def critical_points(table, people, seed=0):
    return critical_points_at(accuracies(table, people, seed), 0.4)


def test_crossings_worked_out_by_hand():
    x = np.array([0.1, 0.2, 0.4])
    assert crossing(x, np.array([0.0, 0.2, 0.6]), 0.4) == pytest.approx(np.sqrt(0.2 * 0.4))  # half way in log
    assert crossing(x, np.array([0.0, 0.4, 0.6]), 0.4) == pytest.approx(0.2)
    assert crossing(x, np.array([0.0, 0.2, 0.3]), 0.4) == np.inf
    assert crossing(x, np.array([0.5, 0.6, 0.9]), 0.4) == 0
    assert crossing(x, np.array([0.0, np.nan, 0.8]), 0.4) == pytest.approx(0.2)
    assert np.isnan(crossing(x, np.full(3, np.nan), 0.4))


def test_a_dip_is_smoothed_by_isotonic_regression():
    # .6 and .2 pool to .4 at both points: the level is reached at the first of them.
    assert crossing(np.array([0.1, 0.2, 0.4, 0.8]), np.array([0.0, 0.6, 0.2, 0.9]), 0.4) == pytest.approx(0.2)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=8), st.floats(0.01, 0.99))
def test_a_crossing_lies_on_the_grid_or_beyond_it(accuracy, level):
    x = np.geomspace(0.01, 1, len(accuracy))
    value = crossing(x, np.array(accuracy), level)
    assert value in {0, np.inf} or x[0] <= value <= x[-1] * (1 + 1e-9)


def test_known_critical_points_are_recovered():
    table, people = study(people=4000)
    found = critical_points(table, people).set_index(["kind", "size"])
    for size, parameters in SIZES.items():
        row = found.loc["ratio", size]
        assert row["value"] == pytest.approx(0.4 * 10_000 / parameters, rel=0.05)
        assert row["low"] <= row["value"] <= row["high"]
        assert row["standing"] == "on"
    sizes = critical_points(table, people).query("kind == 'size'").set_index("ratio")
    assert sizes.loc[0.2, "value"] == pytest.approx(20_000, rel=0.05)
    assert sizes.loc[0.8, "standing"] == "below"
    assert sizes.loc[0.05, "standing"] == "above"


def test_intervals_cover_the_value_without_noise():
    """Over 40 studies of 60 people the 95 % interval holds the noiseless crossing in at least 85 %."""
    exact = crossing(np.array(RATIOS), np.array([logistic("20k", r) for r in RATIOS]), 0.4)
    hits = 0
    for repeat in range(40):
        table, people = study(people=60, rng_seed=repeat, sizes=["20k"])
        data = Shares(table, people, bootstrap=100, confidence=0.95, seed=repeat)
        row = critical_points_at(data, 0.4).set_index("size").loc["20k"]
        hits += row["low"] <= exact <= row["high"]
    assert hits >= 34


def test_cells_left_out_are_named_and_not_used():
    table, people = study(diverged={("20k", 0.2, 0)})
    found = critical_points(table, people)
    assert found.query("kind == 'ratio'").set_index("size")["left_out"].to_dict() == {
        "10k": "",
        "20k": "20k r=0.2 seed 0",
        "40k": "",
    }
    assert np.isnan(accuracies(table, people).grid[1, 2])
    assert ("20k", 0.2) not in set(
        zip(*share_intervals(accuracies(table, people), "accuracy")[["size", "ratio"]].to_numpy().T)
    )


def test_a_size_whose_cells_all_diverged_has_no_critical_ratio():
    table, people = study(diverged={("20k", ratio, 0) for ratio in RATIOS})
    row = critical_points(table, people).set_index("size").loc["20k"]
    assert row["standing"] == "none"
    assert np.isnan(row["value"])


def test_a_ratio_of_zero_changes_no_critical_point():
    without = critical_points(*study(people=100))
    table, people = study(people=100, ratios=[0.0, *RATIOS])
    with_zero = critical_points(table, people)
    assert with_zero["ratio"].dropna().tolist() == without["ratio"].dropna().tolist()
    assert np.isfinite(with_zero.query("standing == 'on'")["value"]).all()


def test_several_seeds_are_resampled_too():
    def shifted(seed_noise):
        table, people = study(people=500, seeds=3)
        people.loc[people["seed"] == 1, "correct"] = (people["correct"] - seed_noise).clip(lower=0)
        return share_intervals(accuracies(table, people), "accuracy").set_index(["size", "ratio"])

    calm, noisy = shifted(0).loc["20k", 0.2], shifted(3).loc["20k", 0.2]
    assert noisy["high"] - noisy["low"] > 3 * (calm["high"] - calm["low"])
    assert calm["seeds"] == 3


def test_the_same_seed_gives_the_same_table():
    table, people = study(people=30)
    first, second = (critical_points(table, people, 4) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("seeds", [2, 3])
def test_intervals_cover_the_mean_over_all_seeds_that_there_could_be(seeds):
    """Seeds differ in the logits of five cells' accuracies; of the people, who are asked often, little is uncertain."""
    rng = np.random.default_rng(seeds)
    true, inside, count = np.array([-2.5, -1.5, 0.0, 1.5, 3.0]), 0, 60
    for trial in range(count):
        logits = true + 0.3 * rng.normal(size=(seeds, len(true)))
        cells = [(ratio, seed) for ratio in range(len(true)) for seed in range(seeds)]
        table = pd.DataFrame({"size": "a", "parameters": 1, "diverged": False, "ratio": 0.1 * (1 + ratio), "seed": seed}
                             for ratio, seed in cells)  # fmt: skip
        people = pd.concat(
            pd.DataFrame({"size": "a", "ratio": 0.1 * (1 + ratio), "seed": seed, "person": range(20), "asked": 5000}
                         | {"correct": rng.binomial(5000, 1 / (1 + np.exp(-logits[seed, ratio])), size=20)})
            for ratio, seed in cells
        )  # fmt: skip
        data = Shares(table, people, bootstrap=200, confidence=0.95, seed=trial)
        found = share_intervals(data, "accuracy")
        truth = 1 / (1 + np.exp(-true))
        inside += ((found["low"] <= truth) & (truth <= found["high"])).sum()
    assert 0.9 <= inside / (count * len(true)) <= 0.99


def test_a_line_of_two_cells_has_no_critical_point():
    table, people = study(ratios=[0.1, 0.8], sizes=["20k"])
    assert (critical_points(table, people)["standing"] == "none").all()
