"""Tables of answers as users bring them: what is read, and every mistake in one line."""

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.popularity.answers_table import read_answers

GOOD = "model,parameters,popularity,correct\na,1e9,5,1\na,1e9,3.5,0\nb,,7,True\n"


def read(tmp_path, text):
    path = tmp_path / "answers.csv"
    path.write_text(text)
    return read_answers(path)


def test_a_good_table(tmp_path):
    found = read(tmp_path, GOOD)
    assert found["correct"].tolist() == [1, 0, 1]
    assert found["asked"].tolist() == [1, 1, 1]
    assert np.isnan(found["parameters"].iloc[2])
    found.to_parquet(tmp_path / "same.parquet")
    pd.testing.assert_frame_equal(read_answers(tmp_path / "same.parquet"), found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model,popularity,correct\na,1,1\n", "lacks the column parameters; there are model, popularity, correct"),
        ("model,parameters,popularity,correct\n", "has no rows"),
        (GOOD.replace("\nb,", "\n,"), "row 3: model is empty"),
        (GOOD.replace("3.5", "many"), "row 2: popularity = 'many' is no number"),
        (GOOD.replace("3.5", "-1"), "row 2 (a): popularity must be above 0"),
        (GOOD.replace("3.5", ""), "row 2 (a): popularity must be above 0"),
        (GOOD.replace("1e9,5", "0,5"), "row 1 (a): parameters must be above 0, or empty"),
        (GOOD.replace("1e9,5", "2e9,5"), "a: has different values of parameters in its rows"),
        (GOOD.replace("1e9,5", ",5"), "a: has different values of parameters in its rows"),
        (GOOD.replace("5,1", "5,2"), "row 1 (a): correct must be from 0 to the number of questions asked"),
        (GOOD.replace("5,1", "5,inf"), "row 1: correct = 'inf' is no number"),
    ],
)
def test_mistakes_are_one_line(tmp_path, text, problem):
    with pytest.raises(PhasemixError) as error:
        read(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'answers.csv'}: {problem}"


def test_several_questions_about_a_fact(tmp_path):
    found = read(tmp_path, "model,parameters,popularity,correct,asked\na,1e9,5,20,25\n")
    assert found[["correct", "asked"]].to_numpy().tolist() == [[20, 25]]
    with pytest.raises(PhasemixError, match=r"row 1 \(a\): asked must be above 0"):
        read(tmp_path, "model,parameters,popularity,correct,asked\na,1e9,5,0,0\n")


def test_what_may_be_said_of_a_model(tmp_path):
    head = "model,parameters,popularity,correct,family,held_out\n"
    found = read(tmp_path, f"{head}a,1e9,5,1,A,1\na,1e9,4,1,A,true\nb,2e9,4,1,,\n")
    assert found[["family", "held_out"]].to_numpy().tolist() == [["A", 1], ["A", 1], ["", 0]]
    with pytest.raises(PhasemixError, match=r"row 1 \(a\): held_out must be 1 or 0"):
        read(tmp_path, f"{head}a,1e9,5,1,A,2\n")
    for other in ("B,1", "A,0"):
        with pytest.raises(PhasemixError, match=r"a: has different values of (family|held_out) in its rows"):
            read(tmp_path, f"{head}a,1e9,5,1,A,1\na,1e9,4,1,{other}\n")


def test_no_file(tmp_path):
    with pytest.raises(PhasemixError, match=r"none\.csv: no such file"):
        read_answers(tmp_path / "none.csv")
