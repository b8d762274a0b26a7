"""The laws of T(r): lines worked by hand, A's published fits, intervals that cover, bounds against predictions."""

import numpy as np
import pytest
from scipy.stats import linregress

from phasemix.analysis.horizon_laws import (
    ABSCISSAE,
    compare,
    extrapolate,
    fit_horizon_law,
    fit_line,
    fit_linear,
    leave_one_ratio_out,
    log_error,
)
from phasemix.analysis.tokens_to_accuracy import TokensToAccuracy
from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator

PUBLISHED = {"exponential": (-0.25512, 1.5137), "power": (0.098158, 3.83878)}  # log A, B and log C, D; T in billions
PAPERS_RATIOS = np.array([0.3, 0.4, 0.45, 0.5, 0.55])
RATIOS = np.array([0.3, 0.35, 0.4, 0.5, 0.6, 0.8])


def law_tokens(form, ratios):
    log_factor, rate = PUBLISHED[form]
    return np.exp(log_factor + rate * ABSCISSAE[form](ratios))


def attained(tokens):
    return [TokensToAccuracy(float(value)) for value in tokens]


def published(form, ratios=PAPERS_RATIOS):
    return fit_horizon_law(form, ratios, attained(law_tokens(form, ratios)))


def test_a_line_worked_out_by_hand():
    line = fit_line(np.array([0.0, 1.0, 2.0]), np.array([0.0, 3.0, 3.0]), "x")
    assert (line.intercept, line.slope) == pytest.approx((0.5, 1.5))
    assert line.r_squared == pytest.approx(1 - 1.5 / 6)  # residuals −.5, 1, −.5
    assert line.noise == pytest.approx(np.sqrt(1.5))
    quantile = 12.706204736  # Student's, 1 degree of freedom
    assert line.slope_interval(0.95) == pytest.approx((1.5 - quantile * np.sqrt(0.75), 1.5 + quantile * np.sqrt(0.75)))
    low, high = line.prediction_interval(np.array([3.0]), 0.95)
    half = quantile * np.sqrt(1.5 * (1 + 1 / 3 + 4 / 2))
    assert (low[0], high[0]) == pytest.approx((5 - half, 5 + half))


def test_a_line_agrees_with_scipy():
    rng = generator(0, "line")
    x, y = rng.random(9), rng.random(9)
    line, other = fit_line(x, y, "x"), linregress(x, y)
    assert (line.intercept, line.slope) == pytest.approx((other.intercept, other.slope))
    assert line.r_squared == pytest.approx(other.rvalue**2)
    quantile = 2.3646242516  # 7 degrees of freedom
    for (low, high), error in (
        (line.slope_interval(0.95), other.stderr),
        (line.intercept_interval(0.95), other.intercept_stderr),
    ):
        assert (high - low) / 2 == pytest.approx(quantile * error)


def test_r_squared_of_a_constant_is_unknown():
    assert np.isnan(fit_line(np.array([0.0, 1.0, 2.0]), np.ones(3), "x").r_squared)


@pytest.mark.parametrize("form", PUBLISHED)
def test_the_published_fits_are_recovered(form):
    law = published(form)
    assert (law.line.intercept, law.line.slope) == pytest.approx(PUBLISHED[form])
    assert law.line.r_squared == pytest.approx(1)
    assert law.tokens(np.array([0.35])) == pytest.approx(law_tokens(form, np.array([0.35])))


def test_the_published_fits_describe_the_same_billions_of_tokens():
    """As the module says of units: both give T(.4) near A-Table 1, and C is printed as its logarithm."""
    exponential, power = (published(form).tokens(PAPERS_RATIOS) for form in ("exponential", "power"))
    assert power == pytest.approx(exponential, rel=0.11)
    assert (exponential[1], power[1]) == pytest.approx((34.1, 37.2), abs=0.1)
    refitted = fit_horizon_law("power", PAPERS_RATIOS, attained(exponential))
    assert (refitted.line.intercept, refitted.line.slope) == pytest.approx((0.130, 3.812), abs=0.001)
    assert refitted.line.r_squared == pytest.approx(0.992, abs=0.001)


@pytest.mark.parametrize("form", PUBLISHED)
def test_intervals_hold_the_truth_as_often_as_they_say(form):
    """100 studies of six ratios, log T with a standard deviation of .1: parameters and a new T at r = .25."""
    hits, new = np.zeros(3, int), np.array([0.25])
    for trial in range(100):
        rng = generator(trial, "coverage", form)
        tokens = law_tokens(form, RATIOS) * np.exp(0.1 * rng.standard_normal(len(RATIOS)))
        law = fit_horizon_law(form, RATIOS, attained(tokens))
        (low,), (high,) = law.interval(new, 0.95)
        held = zip(
            (law.line.intercept_interval(0.95), law.line.slope_interval(0.95), (low, high)),
            (*PUBLISHED[form], law_tokens(form, new)[0] * np.exp(0.1 * rng.standard_normal())),
        )
        hits += [low <= value <= high for (low, high), value in held]
    assert ((hits >= 90) & (hits <= 99)).all(), hits


def test_t_is_linear_in_1_over_r_where_it_was_made_so():
    ratios = np.array([0.2, 0.3, 0.45, 0.5, 0.6, 0.8])
    tokens = np.where(ratios > 0.4, 2 + 3 / ratios, 500)
    line = fit_linear(ratios, attained(tokens), above=0.4)
    assert (line.intercept, line.slope, line.r_squared) == pytest.approx((2, 3, 1))
    assert line.points == 4
    assert fit_linear(ratios, attained(tokens), above=0.1).r_squared < 0.9


def test_bounds_are_in_no_fit():
    tokens = law_tokens("exponential", RATIOS)
    measured = [TokensToAccuracy(9, "censored"), *attained(tokens[1:-1]), TokensToAccuracy(500, "before")]
    law = fit_horizon_law("exponential", RATIOS, measured)
    assert law.line.points == 4
    assert (law.line.intercept, law.line.slope) == pytest.approx(PUBLISHED["exponential"])


def test_leave_one_ratio_out_predicts_each_from_the_others():
    tokens = law_tokens("power", RATIOS)
    exact = leave_one_ratio_out("power", RATIOS[::-1], attained(tokens[::-1]), 0.95)
    assert [one.ratio for one in exact] == RATIOS.tolist()
    assert log_error(exact) == pytest.approx(0, abs=1e-9)
    tokens[2] *= 1.5
    outlier = leave_one_ratio_out("power", RATIOS, attained(tokens), 0.95)[2]
    assert outlier.quotient == pytest.approx(1.5)  # the others lie on the law
    assert outlier.text == "1.5×"
    assert outlier.contradicts


def test_all_seeds_of_a_ratio_are_left_out_together():
    ratios = np.repeat(RATIOS, 2)
    tokens = law_tokens("power", ratios)
    tokens[:2] *= 2
    held_out = leave_one_ratio_out("power", ratios, attained(tokens), 0.95)
    assert [one.quotient for one in held_out[:2]] == pytest.approx([2, 2])


def test_the_smallest_ratios_against_the_law_of_the_larger():
    """A's own comparison: more than 2.9× the power law at r = .25, more than 1.9× at r = .2."""
    ratios = np.array([0.25, 0.2, *PAPERS_RATIOS])
    bounds = [TokensToAccuracy(656, "censored"), TokensToAccuracy(1024, "censored")]
    measured = [*bounds, *attained(law_tokens("power", PAPERS_RATIOS))]
    smallest, next_to_it = extrapolate("power", ratios, measured, 0.3, 0.95)
    assert (smallest.ratio, smallest.text) == (0.2, "> 1.9×")
    assert (next_to_it.ratio, next_to_it.text) == (0.25, "> 2.9×")
    assert next_to_it.predicted == pytest.approx(225.8, abs=0.1)
    assert smallest.contradicts
    assert np.isnan(log_error([smallest, next_to_it]))


@pytest.mark.parametrize(
    ("tokens", "standing", "text", "contradicts"),
    [
        (100, "attained", "1.0×", False),
        (1010, "attained", "10×", True),
        (1.23, "attained", "0.012×", True),
        (1010, "censored", "> 10×", True),
        (299.9, "censored", "> 2.9×", True),  # rounded down: a bound stays true
        (1.23, "censored", "> 0.012×", False),
        (1.23, "before", "< 0.013×", True),
        (120.1, "before", "< 1.3×", False),  # rounded up
        (12345, "censored", "> 120×", True),
    ],
)
def test_what_a_measurement_or_a_bound_says(tokens, standing, text, contradicts):
    tokens_by_law = np.array([98.0, 50.0, 25.0, 12.0]) / 98
    law = fit_horizon_law("power", np.array([0.2, 0.3, 0.4, 0.5]), attained(tokens_by_law))
    scale = float(law.tokens(np.array([0.2]))[0]) / 100
    found = compare(law, 0.2, TokensToAccuracy(tokens * scale, standing), 0.95)
    assert (found.text, found.contradicts) == (text, contradicts)
    assert found.low < found.predicted < found.high


def test_a_prediction_beyond_all_numbers_is_infinite():
    assert published("exponential").tokens(np.array([0.001]))[0] == np.inf


def test_too_few_ratios_and_a_ratio_of_zero_are_refused():
    two = attained([1.0, 2.0])
    with pytest.raises(PhasemixError, match=r"^2 different ratios with an attained T: a line and its intervals need 3"):
        fit_horizon_law("power", np.array([0.3, 0.4]), two)
    with pytest.raises(PhasemixError, match=r"^1 different ratios with an attained T"):
        fit_horizon_law("power", np.array([0.3, 0.3, 0.3]), attained([1.0, 2.0, 3.0]))
    with pytest.raises(PhasemixError, match=r"^2 different ratios above 0\.45 with an attained T"):
        fit_linear(PAPERS_RATIOS, attained(PAPERS_RATIOS), above=0.45)
    with pytest.raises(PhasemixError, match=r"^2 different ratios"):
        leave_one_ratio_out("power", RATIOS[:3], attained(RATIOS[:3]), 0.95)
    with pytest.raises(PhasemixError, match=r"^a mixing ratio of 0 shows nothing to learn; leave it out"):
        fit_horizon_law("exponential", np.array([0.0, 0.3, 0.4]), attained([1.0, 2.0, 3.0]))
