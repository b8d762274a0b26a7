"""The tests of claims: every verdict can be reached, from what experiments found alone."""

import math
from functools import partial

import numpy as np
import pytest

from phasemix.base.spelling import critical_ratio_text, from_json, interval_text, parameters_text, to_json
from phasemix.claims.claim import TOO_SMALL
from phasemix.claims.paper_a import (
    fig_1_critical_size,
    fig_1_size,
    fig_2_table_1,
    fig_4_exposures,
    fig_9,
    fig_10,
    table_2,
)
from phasemix.experiments.transition.findings import attribute_means, measure
from tests.experiments.made_up import FLOOR, OPTIONS, SIZES, TOKENS, logistic, study, write_transition

DENSE = [0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.57, 0.8]


@pytest.fixture
def judge(tmp_path):
    """A function: the finding of a claim's test on a made-up study, whose tables may be changed before."""

    def of(module, accuracy=logistic, change=None, **options):
        options = {
            "people": 200,
            "ratios": DENSE,
            "seeds": 3,
            "tokens": (TOKENS // 2, TOKENS),
            "exposures": 400.0,
            **options,
        }
        table, people = study(accuracy, **options)
        if change:
            change(table, people)
        write_transition(tmp_path, table, people)
        return module.CLAIM.judged({"transition": {"made_up": measure(tmp_path, OPTIONS)}})

    return of


def flat(size, ratio):
    return 0.3


def at_floor(accuracy):
    """Of which nothing is below the guessing floor."""
    return lambda size, ratio: FLOOR + (1 - FLOOR) * accuracy(size, ratio)


def cliff(size, ratio):
    return at_floor(partial(logistic, sharpness=7))(size, ratio)


def curve(size, ratio):
    """A power of the ratio and of the size that is 40 % where the cliff is."""
    return min(1.0, 0.4 * (ratio * SIZES[size] / 4000) ** 1.4)


def test_large_sizes_show_the_cliff_too(judge):
    """The made-up sizes count as large ones once their parameters do."""

    def large(table, people):
        for each in (table, people):
            if "parameters" in each:
                each["parameters"] *= 10**6

    found = judge(fig_9, cliff, change=large, sizes=["10k", "20k"])
    assert found.verdict == "reproduced"
    assert "3 seeds" in found.measured
    assert judge(fig_9, cliff, sizes=["10k", "20k"]) == TOO_SMALL
    assert judge(fig_9, lambda size, ratio: max(curve(size, ratio), 0.1), change=large).verdict == "not reproduced"
    single = judge(fig_9, cliff, change=large, sizes=["20k"], seeds=1)
    assert single.verdict == "not tested"
    assert "one seed" in single.measured


def test_a_cliff_along_the_ratios_is_found_where_it_is(judge):
    found = judge(fig_2_table_1, cliff, sizes=["10k", "20k"])
    assert found.verdict == "reproduced"
    assert "sigmoid with slope" in found.measured
    one = judge(fig_2_table_1, lambda size, ratio: cliff(size, ratio) if size == "20k" else 0.05)
    assert one.verdict == "partly"


def test_a_smooth_curve_is_no_cliff_along_the_ratios(judge):
    assert judge(fig_2_table_1, curve).verdict != "reproduced"
    assert judge(fig_10, lambda _, ratio: 0.5 + 0.18 * math.log(ratio / 0.4)).verdict == "not reproduced"
    assert judge(fig_10, curve).verdict != "reproduced"


def test_below_the_critical_ratio_nothing_may_be_known_nor_grow(judge):
    """At a quarter of the critical ratio 20 % is known, and then less and less is; above it, all is as it was."""

    def slow(table, people):
        early = table["tokens"] == TOKENS // 2
        table.loc[early, ["known", "accuracy"]] *= 0.5

    def raised(size, ratio):
        return max(cliff(size, ratio), 0.2)

    assert judge(fig_2_table_1, raised, slow, sizes=["10k", "20k"]).verdict != "reproduced"


def test_claims_that_hang_on_seeds_and_exposures_are_not_tested_without(judge):
    assert judge(fig_2_table_1, cliff, seeds=2).verdict == "not tested"
    assert judge(fig_2_table_1, cliff, exposures=20.0).verdict == "not tested"
    assert judge(fig_2_table_1, cliff, tokens=(TOKENS,)).verdict == "not tested"
    assert judge(fig_2_table_1, flat).verdict == "not tested"


@pytest.mark.parametrize(
    ("shape", "verdict"),
    [(lambda x: 1 / (1 + 1.5 * x**-7), "reproduced"), (lambda x: min(1, 0.4 * x**1.4), "not reproduced")],
)
def test_a_cliff_along_the_sizes_is_told_from_a_curve(judge, shape, verdict):
    """Along six sizes, of which the critical one grows as the ratio falls."""
    parameters = {f"{size}k": 1000 * size for size in (10, 14, 20, 28, 40, 56, 80)}

    def share(size, ratio):
        return at_floor(lambda *_: shape(parameters[size] * ratio / 4000))(size, ratio)

    assert judge(fig_1_size, share, parameters=parameters, ratios=[0.1, 0.14]).verdict == verdict


def test_three_sizes_tell_no_shape(judge):
    assert judge(fig_1_size, cliff).verdict == "not tested"
    assert judge(fig_1_size, flat).verdict == "not tested"


def test_the_critical_size_must_fall(judge):
    assert judge(fig_1_critical_size, cliff).verdict == "reproduced"
    assert judge(fig_1_critical_size, flat).verdict == "not tested"
    assert judge(fig_1_critical_size, lambda size, r: logistic(size, 0.05 / r)).verdict == "not reproduced"


def test_a_cliff_in_bits_is_found_where_it_is(judge):
    assert judge(fig_10, partial(logistic, sharpness=7)).verdict == "reproduced"
    assert judge(fig_10, flat).verdict == "not tested"


def test_equal_exposures_must_teach_more_at_the_higher_ratio(judge):
    """Cells at .1 and 1,000 tokens, and at .2 and 500, have had the same exposures."""
    assert judge(fig_4_exposures, cliff).verdict == "reproduced"

    def by_exposures(table, people):
        table["accuracy"] = (table["exposures"] / 3200).clip(upper=1) + 0.02 * table["seed"]

    assert judge(fig_4_exposures, cliff, by_exposures).verdict == "not reproduced"
    assert judge(fig_4_exposures, cliff, tokens=(TOKENS,)).verdict == "not tested"


@pytest.mark.parametrize("claim", [fig_1_size, fig_1_critical_size])
def test_one_size_can_show_nothing_about_sizes(judge, claim):
    assert judge(claim, cliff, sizes=["20k"]).verdict == "not tested"


@pytest.mark.parametrize("claim", [fig_2_table_1, fig_1_critical_size, fig_10])
def test_one_ratio_can_show_nothing_about_ratios(judge, claim):
    assert judge(claim, cliff, ratios=[0.2]).verdict == "not tested"


def judge_attributes(accuracy=logistic, change=None, **options):
    table, people = study(accuracy, **options)
    if change:
        change(table, people)
    return table_2.CLAIM.judged({"transition": {"made_up": {"attributes": attribute_means(table, people, OPTIONS)}}})


def test_birth_date_is_lowest_only_if_it_is():
    even = [judge_attributes(rng_seed=seed, people=100).verdict for seed in range(10)]
    assert even.count("reproduced") <= 2  # by chance

    def lower(table, people):
        dates = people["attribute"] == "birth_date"
        people.loc[dates, "correct"] = (people["correct"] - 2).clip(lower=0)

    def higher(table, people):
        people.loc[people["attribute"] == "birth_date", "correct"] = 5

    assert judge_attributes(change=lower, people=400).verdict == "reproduced"
    assert judge_attributes(change=higher, people=400).verdict == "not reproduced"
    assert judge_attributes(lambda size, ratio: 0.0).verdict == "not tested"


def test_facts_without_a_birth_date_can_show_nothing_about_it():
    def other(table, people):
        people["attribute"] = people["attribute"].replace("birth_date", "height")
        table.rename(columns={"accuracy_birth_date": "accuracy_height"}, inplace=True)

    assert judge_attributes(change=other).verdict == "not tested"


def test_more_birth_dates_than_other_values_decide_it_themselves():
    def more(table, people):
        people.loc[people["attribute"] == "birth_date", "entropy"] = 15.0

    found = judge_attributes(change=more)
    assert (found.verdict, "numbers of values" in found.measured) == ("not tested", True)


@pytest.mark.parametrize(
    ("count", "text"),
    [(58_240, "58.2k"), (1.4e9, "1.4B"), (7e6, "7M"), (0, "below the grid"), (np.inf, "above the grid"), (np.nan, "–")],
)
def test_parameters_for_people(count, text):
    assert parameters_text(count) == text


def test_ratios_for_people():
    found = [critical_ratio_text(r) for r in (0.2149, 0, np.inf, np.nan)]
    assert found == ["0.215", "below the grid", "above the grid", "–"]


def test_intervals_for_people():
    assert interval_text(0.1, np.inf, critical_ratio_text) == "0.100 – above the grid"
    assert interval_text(np.inf, np.inf, parameters_text) == "above the grid"


@pytest.mark.parametrize("point", [0.0, 0.3, 58_240.0, np.inf])
def test_points_off_the_grid_survive_json(point):
    assert from_json(to_json(point)) == point
