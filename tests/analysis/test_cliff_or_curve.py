"""Cliffs told from curves: shapes by hand, recovery, and how often a curve is taken for a cliff."""

import numpy as np
import pytest

from phasemix.analysis.cliff_or_curve import CLIFF, PLACES, SLOPES, SMOOTH, THRESHOLDS, Comparison, shapes
from phasemix.base.seeds import generator
from phasemix.experiments.transition.published import A_TABLE_1

RATIOS = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6])
POWER = 1 / 1.4
ALL = (*THRESHOLDS, *SMOOTH)


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


def of_shares(share, *seed, sd=0.02, resamples=100):
    """Shares, and what they are with the noise of measuring them."""
    rng = generator("noisy shares", *seed)
    y = share + sd * rng.normal(size=len(share))
    return comparison(y, y + sd * rng.normal(size=(resamples, len(share))))


def test_shapes_worked_out_by_hand():
    found = shapes(0.5)
    at = np.log(np.array([0.5, 1.0, 2.0, np.e**0.5]))
    assert found["gentle"](at[:3], np.array(2.0)) == pytest.approx([0.2, 0.5, 0.8])
    assert found["steep"](np.log([1 / 1.9, 1]), np.array(4.0)) == pytest.approx([0.0713, 0.5], abs=1e-4)
    assert found["power"](at[:3], np.array(2.0)) == pytest.approx([0.25, 1, 1])
    assert found["saturation"](at[:3], np.array(1.0)) == pytest.approx(1 - np.exp([-0.5, -1, -2]))
    start, full = found["knapsack"](at[[1, 3]], np.array(2.0))
    assert (start, full) == pytest.approx((0, 1))  # x₁ = x₀·e^(1/2)


@pytest.mark.parametrize(
    ("shape", "at"),
    [(shape, (place, (16 if shape == "steep" else 3) + more)) for shape in ALL for place, more in ((42, 3), (46, 0))],
)
def test_a_shape_is_recovered_from_its_own_points_and_predicts_them_best(shape, at):
    """Points of parameters on the grid, so that the fit can be exact."""
    place = np.geomspace(RATIOS[0] / 4, RATIOS[-1] * 4, PLACES)[at[0]]
    slope = SLOPES[at[1]]
    found = comparison(curve(shape, place, slope))
    fit = found.fit(shape)
    assert fit.place == pytest.approx(place)
    assert shape == "saturation" or fit.slope == pytest.approx(slope)
    assert found.predicted(shape, RATIOS) == pytest.approx(curve(shape, place, slope))
    assert found.score(shape) == min(found.score(other) for other in ALL)
    assert found.score(shape) == pytest.approx(0, abs=0.01)  # what keeping away from 0 and 1 costs


@pytest.mark.parametrize("slope", [5.0, 6.0, 8.0])
def test_a_cliff_is_told_from_every_curve(slope):
    """Where some ratios lie on the rise: a steeper one falls between two ratios, and any curve may jump there."""
    advantages = [of_people("steep", 0.2, slope, trial).advantage for trial in range(10)]
    assert sum(advantage > 0 for advantage, _, _ in advantages) >= 9


@pytest.mark.parametrize(
    ("shape", "place", "slope"),
    [("power", 0.7, 1.4), ("saturation", 0.3, 1.0), ("power", 0.5, 3.0), ("gentle", 0.2, 2.0), ("gentle", 0.2, 3.0)],
)
def test_a_curve_is_not_taken_for_a_cliff(shape, place, slope):
    """In at most 2 of 40 studies the whole interval lies on the wrong side."""
    advantages = [of_people(shape, place, slope, trial, resamples=60).advantage for trial in range(40)]
    assert sum(low > 0 for _, low, _ in advantages) <= 2


def test_what_three_hits_teach_is_no_cliff():
    """A fact that is known from the third lucky exposure on: neither a power law nor a sigmoid."""
    hits = RATIOS / 0.08
    y = 1 - np.exp(-hits) * (1 + hits + hits**2 / 2)
    advantages = [of_shares(y, trial).advantage for trial in range(20)]
    assert sum(low > 0 for _, low, _ in advantages) <= 1


def test_paper_a_s_own_curve_is_a_cliff():
    """A-Table 1, with the spread of its seeds."""
    ratios, y, sd = A_TABLE_1["ratio"].to_numpy(), A_TABLE_1["accuracy_percent"] / 100, A_TABLE_1["sd"].fillna(0) / 100
    rng = generator("A-Table 1")
    resampled = y.to_numpy() + rng.normal(size=(500, len(y))) * sd.to_numpy() / np.sqrt(3)
    found = Comparison(ratios, y.to_numpy(), resampled, (ratios / (1 - ratios), POWER), 0.95)
    assert found.sigmoid.slope > CLIFF
    assert found.advantage[1] > 0
    assert found.fit("steep").place == pytest.approx(0.42, abs=0.03)


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
