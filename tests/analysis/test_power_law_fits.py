"""Power laws along sizes: A's rule by hand, the published laws, intervals that cover and that show what is unknown."""

import numpy as np
import pytest

from phasemix.analysis.power_law_fits import (
    SizeLaw,
    ThresholdFrequency,
    fit_size_law,
    fit_threshold_law,
    size_law_intervals,
    threshold_frequency,
)
from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator

PUBLISHED = SizeLaw(1.769, 4.952, 0.283)
PUBLISHED_SLOPE = -1.152
SIZES = np.array([14.0, 31.0, 70.0, 95.0, 120.0, 160.0, 410.0])  # millions of parameters
RUNS = np.repeat(SIZES[[0, 1, 2, 4, 5, 6]], 3)


def study(trial, law=PUBLISHED, runs=RUNS, noise=0.003, between=0.0):
    """Losses of runs with noise of each, and between sizes."""
    rng = generator(trial, "study")
    shared = between * rng.standard_normal(len(np.unique(runs)))[np.unique(runs, return_inverse=True)[1]]
    return law.loss(runs) * np.exp(noise * rng.standard_normal(len(runs)) + shared)


def intervals(losses, runs=RUNS, resamples=300):
    return size_law_intervals(runs, losses, resamples=resamples, confidence=0.95, seed=0)


@pytest.mark.parametrize(
    ("accuracy", "frequency", "standing"),
    [
        ([1.0, 0.9, 0.7, 0.9], 2.0, "on"),  # the first below, whatever comes after
        ([1.0, 0.8, 0.79, 0.0], 2.0, "on"),  # .8 is not below .8
        ([0.7, 0.9, 0.9, 0.9], 8.0, "above"),
        ([0.9, 0.9, 0.9, 0.8], 1.0, "below"),
        ([np.nan, 0.9, np.nan, 0.2], 1.0, "on"),
        ([np.nan, 0.1, 0.9, 0.2], 4.0, "above"),
    ],
)
def test_threshold_frequency_by_the_papers_rule(accuracy, frequency, standing):
    groups, accuracy = np.array([8.0, 4.0, 2.0, 1.0]), np.array(accuracy)
    assert threshold_frequency(groups, accuracy) == ThresholdFrequency(frequency, standing)
    assert threshold_frequency(groups[::-1], accuracy[::-1]) == ThresholdFrequency(frequency, standing)


def test_the_level_of_the_threshold_can_be_set():
    groups, accuracy = np.array([4.0, 2.0, 1.0]), np.array([0.9, 0.6, 0.3])
    assert threshold_frequency(groups, accuracy, 0.5).frequency == 1
    assert threshold_frequency(groups, accuracy).frequency == 2


def test_the_published_slope_is_recovered_from_thresholds_on_the_groups():
    thresholds = [ThresholdFrequency(0.02 * (size / 70) ** PUBLISHED_SLOPE) for size in SIZES]
    thresholds[0], thresholds[-1] = ThresholdFrequency(0.5, "above"), ThresholdFrequency(0.5, "below")
    line = fit_threshold_law(SIZES, thresholds)
    assert (line.slope, line.r_squared) == pytest.approx((PUBLISHED_SLOPE, 1))
    assert line.points == 5


def test_intervals_of_the_slope_hold_it_as_often_as_they_say():
    hits = 0
    for trial in range(100):
        noise = np.exp(0.2 * generator(trial, "thresholds").standard_normal(len(SIZES)))
        thresholds = [ThresholdFrequency(value) for value in SIZES**PUBLISHED_SLOPE * noise]
        low, high = fit_threshold_law(SIZES, thresholds).slope_interval(0.95)
        hits += low <= PUBLISHED_SLOPE <= high
    assert 90 <= hits <= 99


def test_the_published_law_is_recovered_from_its_points():
    law = fit_size_law(SIZES, PUBLISHED.loss(SIZES))
    assert (law.irreducible, law.factor, law.exponent) == pytest.approx((1.769, 4.952, 0.283), rel=1e-6)
    assert law.loss(np.array([1000.0])) == pytest.approx(1.769 + 4.952 * 1000**-0.283)


@pytest.mark.parametrize("exponent", [0.2, 0.5, 2.0])
@pytest.mark.parametrize("irreducible", [0.1, 3.0])
def test_other_laws_and_units_are_recovered(irreducible, exponent):
    truth = SizeLaw(irreducible, 2 * 14**exponent, exponent)
    law = fit_size_law(SIZES, truth.loss(SIZES))
    assert (law.irreducible, law.exponent) == pytest.approx((irreducible, exponent), rel=1e-4)
    in_units = fit_size_law(SIZES * 1e6, truth.loss(SIZES))
    assert in_units.exponent == pytest.approx(exponent, rel=1e-4)
    assert in_units.factor == pytest.approx(truth.factor * 1e6**exponent, rel=1e-2)


def test_hubers_loss_forgives_a_run_that_went_wrong():
    losses = PUBLISHED.loss(RUNS)
    losses[4] *= 1.3
    assert fit_size_law(RUNS, losses).exponent == pytest.approx(0.283, abs=0.002)
    assert abs(fit_size_law(RUNS, losses, delta=1.0).exponent - 0.283) > 0.02


def test_intervals_hold_the_truth_as_often_as_they_say():
    """100 studies of 6 sizes and 3 seeds, log L with a standard deviation of .003."""
    hits = np.zeros(3, int)
    for trial in range(100):
        found = intervals(study(trial))
        held = zip(
            (found.irreducible, found.factor, found.exponent),
            (PUBLISHED.irreducible, PUBLISHED.factor, PUBLISHED.exponent),
        )
        hits += [low <= value <= high for (low, high), value in held]
    assert ((hits >= 90) & (hits <= 99)).all(), hits


def test_what_seeds_of_a_size_share_widens_the_intervals():
    """Another standard deviation of .002 between sizes, in 40 studies: at least 34 hold the exponent."""
    hits = 0
    for trial in range(40):
        low, high = intervals(study(trial, between=0.002), resamples=200).exponent
        hits += low <= PUBLISHED.exponent <= high
    assert hits >= 34


def test_the_misfit_is_the_scatter_of_sizes_over_that_of_seeds():
    calm, shaken = intervals(study(0, noise=0.001)), intervals(study(0, noise=0.001, between=0.01))
    assert calm.misfit < 3
    assert shaken.misfit > 30
    assert np.diff(shaken.exponent) > 3 * np.diff(calm.exponent)


def test_sizes_within_a_decade_leave_the_irreducible_loss_open():
    law, runs = SizeLaw(2.3, 6.6, 0.43), np.repeat([23.0, 39.0, 58.0, 106.0, 166.0], 3)
    low, high = intervals(study(0, law, runs, noise=0.01), runs).irreducible
    assert low < 2.3 < high
    assert high - low > 1


def test_sizes_may_have_different_numbers_of_seeds_in_any_order():
    runs = np.append(RUNS, [14.0, 14.0])[::-1]
    low, high = intervals(study(0, runs=runs), runs).exponent
    assert low < 0.283 < high


def test_the_same_seed_gives_the_same_intervals():
    losses = study(0)
    assert intervals(losses) == intervals(losses)


def test_bad_input_is_refused():
    with pytest.raises(PhasemixError, match=r"^2 different sizes with a threshold frequency on the groups"):
        fit_threshold_law(SIZES[:3], [ThresholdFrequency(1), ThresholdFrequency(2), ThresholdFrequency(3, "above")])
    with pytest.raises(PhasemixError, match=r"^threshold frequency: no group has an accuracy"):
        threshold_frequency(np.array([1.0]), np.array([np.nan]))
    with pytest.raises(PhasemixError, match=r"^3 different sizes: a power law of loss has 3 numbers, so needs 4"):
        fit_size_law(RUNS[:9], study(0)[:9])
    for wrong in (np.nan, 0.0):
        with pytest.raises(PhasemixError, match="positive sizes and losses; leave out the runs without"):
            fit_size_law(SIZES, np.append(PUBLISHED.loss(SIZES[1:]), wrong))
    for runs in (SIZES, RUNS):  # one run a size; runs that are all alike
        with pytest.raises(PhasemixError, match="needs 2 or more different runs of every size"):
            intervals(PUBLISHED.loss(runs), runs)
