"""Biographies of a user's table or invented: what is read, what is refused, what is asked, and what counts."""

from datetime import datetime

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.tasks.synbio.values import Values
from phasemix.tasks.wikibio import corpus
from phasemix.tasks.wikibio.biographies import Biography, check_table, read_table
from phasemix.tasks.wikibio.birth_dates import month_and_year, spelled
from phasemix.tasks.wikibio.invented import OPENINGS, PARAPHRASES, invent
from tests.conftest import SMALL

ROWS = [
    {
        "name": "Ada Quill",
        "occupation": "actor",
        "birth_date": "1973-06-26",
        "text": "Ada Quill (born June 26, 1973) is an actor.",
        "paraphrase_1": "Born on 26 June 1973, Ada Quill acts.",
        "paraphrase_2": "Ada Quill, an actor, was born in June 1973.",
    },
    {
        "name": "Ben Rook",
        "occupation": "painter",
        "birth_date": "May 3, 1950",
        "text": "Ben Rook, a painter, was born on May 3, 1950.",
        "paraphrase_1": "Ben Rook (born May 3, 1950) paints.",
        "paraphrase_2": "",
    },
]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_table_is_read(tmp_path, ending):
    path = tmp_path / f"people{ending}"
    table = pd.DataFrame(ROWS)
    table.to_csv(path, index=False) if ending == ".csv" else table.to_parquet(path)
    assert check_table(path) == 2
    ada, ben = read_table(path)
    assert ada == Biography("Ada Quill", "actor", "June 26, 1973", [ROWS[0][k] for k in list(ROWS[0])[3:]])
    assert ben == Biography("Ben Rook", "painter", "May 3, 1950", [ROWS[1]["text"], ROWS[1]["paraphrase_1"]])


def test_columns_of_dates_and_other_things_and_repeated_texts(tmp_path):
    """Paraphrases stand in the order of their numbers; another column whose name begins so is none."""
    one = {**ROWS[0], "birth_date": datetime(1973, 6, 26), "paraphrase_score": 0.9}  # noqa: DTZ001
    one |= {"paraphrase_10": "Ada, June 1973, last.", "paraphrase_3": ROWS[0]["text"], "paraphrase_4": None}
    pd.DataFrame([one]).to_parquet(tmp_path / "people.parquet")
    [ada] = read_table(tmp_path / "people.parquet")
    assert ada.birth_date == "June 26, 1973"
    assert ada.texts == [one[k] for k in ("text", "paraphrase_1", "paraphrase_2", "paraphrase_10")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"occupation": " "}, "row 2: occupation is empty"),
        ({"birth_date": "3/5/1950"}, "row 2: birth_date '3/5/1950' is no date: write 1973-06-26, or June 26, 1973"),
        ({"birth_date": "0950-05-03"}, "row 2: birth_date '0950-05-03': a year must have four digits"),
        ({"birth_date": "1950-02-30"}, "is no date"),
        ({"text": "Mayor in 1950"}, "row 2: text does not tell the month and the year of birth, May 1950"),
        ({"paraphrase_1": ""}, "row 2: there is no paraphrase; the last one of everybody is held out"),
        ({"name": "Ada Quill", "occupation": "actor"}, "row 2: there is another actor named Ada Quill; keep one"),
    ],
)
def test_what_is_wrong_with_a_table_is_one_line(tmp_path, change, words):
    path = tmp_path / "people.csv"
    pd.DataFrame([ROWS[0], ROWS[1] | change]).to_csv(path, index=False)
    with pytest.raises(PhasemixError) as error:
        check_table(path)
    assert str(error.value).startswith(str(path))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_many_wrong_rows_are_counted(tmp_path):
    path = tmp_path / "people.parquet"
    wrong = [{**ROWS[0], "name": f"Ada {i}", "occupation": None} for i in range(6)]
    pd.DataFrame([*ROWS, *wrong, {**ROWS[0], "name": 7}]).astype({"name": str}).to_parquet(path)
    with pytest.raises(PhasemixError, match=r"row 3: occupation is empty; row 4: .*; row 5: .*; and 3 other rows"):
        check_table(path)
    pd.DataFrame([{**ROWS[0], "text": ["a", "list"]}]).to_parquet(path)
    with pytest.raises(PhasemixError, match=r"row 1: text holds .*, which is no text"):
        check_table(path)


def test_a_table_without_a_column_or_that_is_none(tmp_path):
    path = tmp_path / "people.csv"
    pd.DataFrame(ROWS).drop(columns="occupation").to_csv(path, index=False)
    with pytest.raises(PhasemixError, match="has no column 'occupation'; it needs name, occupation, birth_date, text"):
        check_table(path)
    (tmp_path / "people.parquet").write_text("no parquet")
    with pytest.raises(PhasemixError, match="cannot be read as a table"):
        check_table(tmp_path / "people.parquet")


def test_fewer_people_than_asked_for(tmp_path):
    path = tmp_path / "people.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False)
    options = {"people": 3, "table": str(path), "invented": None}
    with pytest.raises(PhasemixError, match="holds 2 people, and 3 are asked for"):
        corpus.Biographies(options, 0)
    first = {min(corpus.Biographies(options | {"people": 1}, seed))[1].name for seed in range(20)}
    assert first == {"Ada Quill", "Ben Rook"}, "whom the seed draws"


@pytest.mark.parametrize("date", ["June 26, 1973", "1973-06-26", " 1973-06-26 "])
def test_dates_are_spelled_in_one_way(date):
    assert spelled(date) == "June 26, 1973"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" June 26, 1973, in Bath.", "June 1973"),
        (" 26 June 1973", "June 1973"),
        (" June 1973 and May 1950", "June 1973"),
        (" June 26 1973", "June 1973"),
        (" 1973", None),
        (" June 26, 197", None),
        (" Juneau 1973", None),
        ("", None),
    ],
)
def test_month_and_year_count_and_the_day_does_not(text, found):
    assert month_and_year(text) == found


def test_invented_people_are_told_of_in_eleven_ways():
    values = Values(**SMALL.model_dump())
    people = invent(40, PARAPHRASES, values, seed=3)
    assert people == invent(40, PARAPHRASES, values, seed=3)
    assert people != invent(40, PARAPHRASES, values, seed=4)
    assert len({one.name for one in people}) == 40
    for one in people:
        assert len(one.texts) == len(OPENINGS) == len(set(one.texts))
        for text in one.texts:
            assert one.name in text
            assert one.occupation in text
            assert month_and_year(text) == month_and_year(one.birth_date)
    assert [len(one.texts) for one in invent(2, 3, values, seed=3)] == [4, 4]
