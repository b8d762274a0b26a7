"""Cliffs told from curves: shapes by hand, recovery, and how often a curve is taken for a cliff."""

import numpy as np
import pytest

from phasemix.analysis.cliff_or_curve import PLACES, SLOPES, SMOOTH, THRESHOLDS, Comparison, shapes
from phasemix.base.seeds import generator

RATIOS = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6])
POWER = 1 / 1.4


def comparison(y, resampled=None):
    return Comparison(RATIOS, y, np.tile(y, (3, 1)) if resampled is None else resampled, (RATIOS, POWER), 0.95)


def curve(name, place, slope):
    return np.clip(shapes(POWER)[name](np.log(RATIOS / place), np.array(slope)), 0, 1)


def of_people(name, place, slope, *seed, people=100, seeds=3, resamples=200):
    """A study of people, each known wholly or not at all, whose seeds differ; and its resamples."""
    rng = generator("cliff or curve", *seed)
    places = place * np.exp(0.05 * rng.normal(size=(seeds, 1)))
    share = np.clip(shapes(POWER)[name](np.log(RATIOS / places), np.array(slope)), 0, 1)
    known = rng.random((people, seeds, len(RATIOS))) < share
    chosen, repeated = rng.integers(people, size=(resamples, people)), rng.integers(seeds, size=(resamples, seeds))
    resampled = np.array([known[who][:, which].mean((0, 1)) for who, which in zip(chosen, repeated, strict=True)])
    return comparison(known.mean((0, 1)), resampled)


def test_shapes_worked_out_by_hand():
    found = shapes(0.5)
    at = np.log(np.array([0.5, 1.0, 2.0, np.e**0.5]))
    assert found["sigmoid"](at[:3], np.array(2.0)) == pytest.approx([0.2, 0.5, 0.8])
    assert found["power"](at[:3], np.array(2.0)) == pytest.approx([0.25, 1, 1])
    assert found["saturation"](at[:3], np.array(1.0)) == pytest.approx(1 - np.exp([-0.5, -1, -2]))
    start, full = found["knapsack"](at[[1, 3]], np.array(2.0))
    assert (start, full) == pytest.approx((0, 1))  # x₁ = x₀·e^(1/2)


@pytest.mark.parametrize("shape", [*THRESHOLDS, *SMOOTH])
@pytest.mark.parametrize("at", [(42, 6), (46, 3)])
def test_a_shape_is_recovered_from_its_own_points_and_predicts_them_best(shape, at):
    """Points of parameters on the grid, so that the fit can be exact."""
    place = np.geomspace(RATIOS[0] / 4, RATIOS[-1] * 4, PLACES)[at[0]]
    slope = SLOPES[at[1]]
    found = comparison(curve(shape, place, slope))
    fit = found.fit(shape)
    assert fit.place == pytest.approx(place)
    assert shape == "saturation" or fit.slope == pytest.approx(slope)
    assert found.predicted(shape, RATIOS) == pytest.approx(curve(shape, place, slope))
    assert found.score(shape) == min(found.score(other) for other in (*THRESHOLDS, *SMOOTH))
    assert found.score(shape) == pytest.approx(0, abs=0.01)  # what keeping away from 0 and 1 costs


@pytest.mark.parametrize("slope", [3.0, 4.0])
def test_a_cliff_is_told_from_every_curve(slope):
    """Where some ratios lie on the rise: a steeper one falls between two ratios, and any curve may jump there."""
    advantages = [of_people("sigmoid", 0.2, slope, trial).advantage for trial in range(10)]
    assert sum(low > 0 for _, low, _ in advantages) >= 8


@pytest.mark.parametrize(
    ("shape", "place", "slope"),
    [("power", 0.7, 1.4), ("saturation", 0.3, 1.0), ("power", 0.5, 3.0)],
)
def test_a_curve_is_not_taken_for_a_cliff(shape, place, slope):
    """In at most 2 of 40 studies the whole interval lies on the wrong side."""
    advantages = [of_people(shape, place, slope, trial, resamples=60).advantage for trial in range(40)]
    assert sum(low > 0 for _, low, _ in advantages) <= 2


def test_too_few_points_and_a_falling_x_are_refused():
    with pytest.raises(ValueError, match="3 points cannot tell"):
        Comparison(RATIOS[:3], RATIOS[:3], RATIOS[None, :3], (RATIOS[:3], POWER), 0.95)
    with pytest.raises(ValueError, match="rise from above 0"):
        Comparison(RATIOS[::-1], RATIOS, RATIOS[None], (RATIOS, POWER), 0.95)


def test_along_ratios_the_knapsack_is_one_in_the_odds():
    odds = RATIOS / (1 - RATIOS)
    place, slope = np.geomspace(odds[0] / 4, odds[-1] * 4, PLACES)[40], SLOPES[8]
    y = np.clip(shapes(POWER)["knapsack"](np.log(odds / place), slope), 0, 1)
    found = Comparison(RATIOS, y, np.tile(y, (3, 1)), (odds, POWER), 0.95)
    assert (found.fit("knapsack").place, found.fit("knapsack").slope) == pytest.approx((place, slope))
    assert found.predicted("knapsack", odds) == pytest.approx(y)
