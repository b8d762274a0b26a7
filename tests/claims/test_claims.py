"""The ledger: every verdict can be reached, and by the study alone."""

import numpy as np
import pytest

from phasemix.analysis.claims import TESTS, Study, ledger
from phasemix.analysis.critical_points import Accuracies, critical_points
from phasemix.base.spelling import critical_ratio_text, interval_text, parameters_text
from tests.test_critical import ANALYSIS, logistic, study


def make(accuracy=logistic, **options):
    table, people = study(accuracy, **options)
    accuracies = Accuracies(table, people, ANALYSIS, 0)
    return Study(table, people, accuracies, critical_points(accuracies))


def verdict(test, accuracy=logistic, **options):
    return TESTS[test](make(accuracy, **options)).verdict


def flat(size, ratio):
    return 0.3


def sharp(size, ratio):
    return logistic(size, ratio, sharpness=8)


def only_largest(size, ratio):
    return sharp(size, ratio) if size == "40k" else 0.0


def test_transitions_are_found_where_they_are():
    assert verdict("transition_in_ratio", sharp) == "reproduced"
    assert verdict("transition_in_ratio", only_largest) == "partly"
    assert verdict("transition_in_ratio", flat) == "not reproduced"
    assert verdict("transition_in_size", lambda size, r: sharp(size, 1.4 * r)) == "reproduced"
    assert verdict("transition_in_size", flat) == "not reproduced"
    assert verdict("transition_in_size", lambda size, r: float(size == "40k") if r == 0.4 else 0.0) == "partly"


def test_the_critical_size_must_fall():
    assert verdict("critical_size_falls", sharp) == "reproduced"
    assert verdict("critical_size_falls", flat) == "not tested"
    assert verdict("critical_size_falls", lambda size, r: sharp(size, 0.05 / r)) == "not reproduced"


def test_the_loss_must_fall_where_accuracy_rises():
    assert verdict("transition_in_loss", sharp) == "reproduced"
    smooth = make(sharp)
    smooth.table["bio_loss"] = 3 - np.sqrt(smooth.table["ratio"].max()) + 0.1 / smooth.table["ratio"]
    assert TESTS["transition_in_loss"](smooth).verdict in {"partly", "not reproduced"}
    assert verdict("transition_in_loss", flat) == "not tested"


@pytest.mark.parametrize("test", ["transition_in_size", "critical_size_falls"])
def test_one_size_can_show_nothing_about_sizes(test):
    assert verdict(test, sharp, sizes=["20k"]) == "not tested"
    assert verdict("transition_in_ratio", sharp, sizes=["20k"]) == "partly"


@pytest.mark.parametrize("test", ["transition_in_ratio", "critical_size_falls", "transition_in_loss"])
def test_one_ratio_can_show_nothing_about_ratios(test):
    assert verdict(test, sharp, ratios=[0.2]) == "not tested"


def test_birth_date_is_lowest_only_if_it_is():
    even = [verdict("birth_date_lowest", people=200, rng_seed=seed) for seed in range(10)]
    assert even.count("reproduced") <= 2  # by chance
    lower = make(people=400)
    dates = lower.people["attribute"] == "birth_date"
    lower.people.loc[dates, "correct"] = (lower.people["correct"] - 2).clip(lower=0)
    assert TESTS["birth_date_lowest"](lower).verdict == "reproduced"
    higher = make(people=400)
    higher.people.loc[higher.people["attribute"] == "birth_date", "correct"] = 5
    assert TESTS["birth_date_lowest"](higher).verdict == "not reproduced"
    assert TESTS["birth_date_lowest"](make(lambda size, ratio: 0.0)).verdict == "not tested"


def test_the_ledger_lists_every_claim_and_measures_those_with_a_test():
    found = ledger(make(sharp)).set_index("id")
    assert found.index.is_unique
    assert {"A-Fig 1 (size)", "A-Fig 10", "A-Table 2", "A-Fig 7a", "B-Table 1", "B-Fig 8"} <= set(found.index)
    tested = found[found["verdict"] != "not tested"]
    assert len(tested) == len(TESTS)
    assert (tested["measured"] != "").all()
    assert (tested["criterion"] != "").all()
    assert (found["published"] != "").all()
    assert "%" in tested.loc["A-Fig 1 (size)", "measured"]


@pytest.mark.parametrize(
    ("count", "text"),
    [(58_240, "58.2k"), (1.4e9, "1.4B"), (7e6, "7M"), (0, "below the grid"), (np.inf, "above the grid"), (np.nan, "–")],
)
def test_parameters_for_people(count, text):
    assert parameters_text(count) == text


def test_ratios_for_people():
    assert [critical_ratio_text(r) for r in (0.2149, 0, np.inf, np.nan)] == [
        "0.215",
        "below the grid",
        "above the grid",
        "–",
    ]


def test_intervals_for_people():
    assert interval_text(0.1, np.inf, critical_ratio_text) == "0.100 – above the grid"
    assert interval_text(np.inf, np.inf, parameters_text) == "above the grid"
