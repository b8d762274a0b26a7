"""The tests of claims: every verdict can be reached, from what experiments found alone."""

import numpy as np
import pytest

from phasemix.base.spelling import critical_ratio_text, from_json, interval_text, parameters_text, to_json
from phasemix.claims.jumps import closest_jump
from phasemix.claims.paper_a import fig_1_critical_size, fig_1_size, fig_2_table_1, fig_10, table_2
from phasemix.experiments.transition.findings import attribute_means, measure
from tests.experiments.made_up import OPTIONS, logistic, study, write_transition


@pytest.fixture
def judge(tmp_path):
    """A function: the finding of a claim's test on a made-up study, whose tables may be changed before."""

    def of(module, accuracy=logistic, change=None, **options):
        table, people = study(accuracy, **{"people": 200, **options})
        if change:
            change(table, people)
        write_transition(tmp_path, table, people)
        return module.CLAIM.judged({"transition": {"made_up": measure(tmp_path, OPTIONS)}})

    return of


def flat(size, ratio):
    return 0.3


def sharp(size, ratio):
    return logistic(size, ratio, sharpness=8)


def only_largest(size, ratio):
    return sharp(size, ratio) if size == "40k" else 0.0


def test_transitions_are_found_where_they_are(judge):
    assert judge(fig_2_table_1, sharp).verdict == "reproduced"
    assert judge(fig_2_table_1, only_largest).verdict == "partly"
    assert judge(fig_2_table_1, flat).verdict == "not reproduced"
    found = judge(fig_1_size, lambda size, r: sharp(size, 1.4 * r))
    assert found.verdict == "reproduced"
    assert "%" in found.measured
    assert judge(fig_1_size, flat).verdict == "not reproduced"
    assert judge(fig_1_size, lambda size, r: float(size == "40k" and r == 0.4)).verdict == "partly"


def test_the_critical_size_must_fall(judge):
    assert judge(fig_1_critical_size, sharp).verdict == "reproduced"
    assert judge(fig_1_critical_size, flat).verdict == "not tested"
    assert judge(fig_1_critical_size, lambda size, r: sharp(size, 0.05 / r)).verdict == "not reproduced"


def test_the_loss_must_fall_where_accuracy_rises(judge):
    assert judge(fig_10, sharp).verdict == "reproduced"

    def smooth(table, people):
        table["dense_loss"] = 3 + 0.1 / table["ratio"]

    assert judge(fig_10, sharp, smooth).verdict in {"partly", "not reproduced"}
    assert judge(fig_10, flat).verdict == "not tested"


@pytest.mark.parametrize("claim", [fig_1_size, fig_1_critical_size])
def test_one_size_can_show_nothing_about_sizes(judge, claim):
    assert judge(claim, sharp, sizes=["20k"]).verdict == "not tested"


def test_one_size_can_show_something_about_ratios(judge):
    assert judge(fig_2_table_1, sharp, sizes=["20k"]).verdict == "partly"


@pytest.mark.parametrize("claim", [fig_2_table_1, fig_1_critical_size, fig_10])
def test_one_ratio_can_show_nothing_about_ratios(judge, claim):
    assert judge(claim, sharp, ratios=[0.2]).verdict == "not tested"


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


def test_the_closest_jump_within_a_factor_of_eight():
    def line(*points):
        return [{"ratio": ratio, "accuracy": accuracy} for ratio, accuracy in points]

    before, after = closest_jump(line((0.05, 0.0), (0.1, 0.01), (0.2, 0.3), (0.4, 0.7)), "ratio", 0.02, 0.5)
    assert (before["ratio"], after["ratio"]) == (0.1, 0.4)
    assert closest_jump(line((0.05, 0.0), (0.8, 0.9)), "ratio", 0.02, 0.5) is None
    assert closest_jump(line((0.1, 0.9), (0.2, 0.0)), "ratio", 0.02, 0.5) is None


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
