"""PopQA's own criterion, by hand."""

import pytest

from phasemix.popularity.popqa.alias_match import alias_match, first_line


@pytest.mark.parametrize(
    ("prediction", "possible", "right"),
    [
        ("He is a politician.", ["politician"], True),
        ("politics", ["politician", "pol"], True),
        ("the united states", ["United States"], True),  # in small letters
        ("Jazz", ["jazz"], True),  # capitalised
        ("New york", ["New York"], True),  # capitalize makes other letters small
        ("NEW YORK", ["New York"], False),
        ("Lima", ["Rome", "Paris"], False),
        ("", ["Rome"], False),
        ("Paris or Rome", ["Rome"], True),
    ],
)
def test_an_answer_stands_in_a_prediction_in_one_of_three_forms(prediction, possible, right):
    assert alias_match(prediction, possible) == right


def test_the_first_line_that_is_not_empty_counts():
    assert first_line("\n\n Rome \nQ: What") == "Rome"
    assert first_line(" \n") == ""
