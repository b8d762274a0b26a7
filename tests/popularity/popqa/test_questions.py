"""PopQA as its files have it, and what is refused."""

import json

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.popularity.popqa.questions import file_questions
from tests.popularity.popqa.world import rows


def test_every_kind_of_file_holds_the_same_questions(dataset, tmp_path):
    table = pd.DataFrame(rows())
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    lists = table.assign(possible_answers=table["possible_answers"].map(json.loads))
    lists.to_parquet(tmp_path / "a.parquet")
    expected = file_questions(dataset)
    assert expected.loc[4].to_dict() == {
        "id": "1004", "relation": "sport", "question": "What sport does S4 play?", "answer": "rugby",
        "possible_answers": ["rugby", "rugby proper"], "popularity": 4.0,
    }  # fmt: skip
    for ending in ("csv", "jsonl", "parquet"):
        pd.testing.assert_frame_equal(file_questions(tmp_path / f"a.{ending}"), expected)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.drop(columns="s_pop"), "lacks the column s_pop; there are id, subj, prop"),
        (lambda table: table.assign(id=7), "row 2: its id stands in an earlier row as well"),
        (lambda table: table.assign(s_pop=[5, 0, *table["s_pop"][2:]]), "row 2: s_pop must be a number above 0"),
        (lambda table: table.assign(s_pop="many"), "row 1: s_pop must be a number above 0"),
        (lambda table: table.assign(question=" "), "row 1: question is empty"),
        (lambda table: table.assign(possible_answers="Rome"), "row 1: possible_answers must be a JSON list of texts"),
        (lambda table: table.assign(possible_answers="[]"), "row 1: possible_answers must be a JSON list of texts"),
        (lambda table: table.assign(possible_answers='["a", 1]'), "row 1: possible_answers must be a JSON list"),
        (lambda table: table[:0], "has no rows"),
    ],
)
def test_what_is_no_popqa_is_refused_with_the_row(change, words, tmp_path):
    change(pd.DataFrame(rows())).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(PhasemixError) as error:
        file_questions(tmp_path / "a.parquet")
    assert f"dataset.file {tmp_path / 'a.parquet'}: {words}" in str(error.value)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "a.jsonl").write_text("{")
    for name, words in (("a.jsonl", "cannot be read"), ("b.jsonl", "no such file"), ("b.txt", "is none of")):
        with pytest.raises(PhasemixError, match=words):
            file_questions(tmp_path / name)
