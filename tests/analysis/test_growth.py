"""Growth between horizons and equal exposures, worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from phasemix.analysis.growth import equal_exposures, floor_end, growth

T_2 = 4.302653  # Student's 97.5th percentile, of two degrees of freedom


def cells(*rows):
    """Runs of one size: ratio, seed, tokens, accuracy and known; a person is shown r · tokens / 1,000 times."""
    table = pd.DataFrame(rows, columns=["ratio", "seed", "tokens", "accuracy", "known"])
    table = table.assign(size="39k", parameters=39_000, floor=0.06, subjects=150, diverged=False)
    return table.assign(exposures=table["ratio"] * table["tokens"] / 1000, accuracy_major=table["accuracy"])


RUNS = cells(
    (0.2, 0, 1000, 0.05, -0.3), (0.2, 1, 1000, 0.06, -0.1), (0.2, 2, 1000, 0.07, 0.02),
    (0.2, 0, 4000, 0.09, -0.1), (0.2, 1, 4000, 0.10, 0.04), (0.2, 2, 4000, 0.11, 0.06),
    (0.8, 0, 1000, 0.7, 0.6), (0.8, 1, 1000, 0.8, 0.7), (0.8, 2, 1000, 0.999, 0.95),
)  # fmt: skip


def test_what_is_known_grows_by_so_much_per_doubling():
    first, second, _ = growth(RUNS, 0.95).to_dict("records")
    assert (first["ratio"], first["tokens"], first["seeds"]) == (0.2, 1000, 3)
    assert first["exposures"] == pytest.approx(0.2)
    assert all(math.isnan(first[slope]) for slope in ("slope", "slope_low", "accuracy_slope", "accuracy_slope_high"))
    assert first["known"] == pytest.approx(-0.38 / 3)  # less than nothing is known
    assert second["accuracy_slope"] == pytest.approx(0.04 / 2)  # all seeds by .04 in two doublings
    assert second["accuracy_slope_low"] == pytest.approx(second["accuracy_slope_high"])
    rises = np.array([0.2, 0.14, 0.04]) / 2
    half = T_2 * rises.std(ddof=1) / math.sqrt(3)
    assert second["slope"] == pytest.approx(rises.mean())
    assert (second["slope_low"], second["slope_high"]) == pytest.approx((rises.mean() - half, rises.mean() + half))


def test_the_interval_of_a_share_stays_a_share():
    last = growth(RUNS, 0.95).iloc[-1]
    values = np.array([0.7, 0.8, 0.999])
    half = T_2 * values.std(ddof=1) / math.sqrt(3)
    assert last["accuracy_low"] == pytest.approx(values.mean() - half)
    assert values.mean() + half > 1
    assert last["accuracy_high"] == 1


def test_a_run_that_diverged_or_has_no_shorter_one_counts_where_it_can():
    table = RUNS.assign(diverged=(RUNS["seed"] == 0) & (RUNS["tokens"] == 1000) & (RUNS["ratio"] == 0.2))
    first, second, _ = growth(table, 0.95).to_dict("records")
    assert (first["seeds"], second["seeds"]) == (2, 3)
    assert second["slope"] == pytest.approx((0.14 + 0.04) / 4)  # of the two seeds with both horizons


def test_equal_exposures_are_found_and_compared():
    (pair,) = equal_exposures(RUNS, 0.95).to_dict("records")
    assert (pair["ratio_low"], pair["tokens_low"], pair["ratio_high"], pair["tokens_high"]) == (0.2, 4000, 0.8, 1000)
    assert pair["exposures"] == pytest.approx(0.8)
    assert pair["more"] == pytest.approx(2.499 / 3 - 0.1)
    assert pair["more_low"] < pair["more"] < pair["more_high"]


def test_the_floor_has_the_interval_of_so_many_guesses():
    assert floor_end(0.06, 750, 0.95) == pytest.approx(0.0793, abs=2e-4)  # Wilson's, by hand
