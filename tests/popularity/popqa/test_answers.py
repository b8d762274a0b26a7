"""Answers to PopQA, of models asked here or elsewhere, and the threshold that follows."""

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.popularity.popqa.answers import predictions_in, write_answers
from phasemix.popularity.popqa.greedy_model import GreedyModel
from phasemix.popularity.threshold_popularity import threshold_popularity


def test_a_model_that_knows_popular_facts_has_the_threshold_that_they_give(questions, knowing_model, tmp_path):
    """It knows 12 facts: 12 of the 20 most popular are 60 %, and the twentieth has popularity 2^(20/4 + 1) = 64."""
    lines = GreedyModel(str(knowing_model), key="models.a.folder").lines(questions["prompt"].tolist(), 8)
    write_answers(tmp_path / "answers.parquet", questions, lines)
    found = pd.read_parquet(tmp_path / "answers.parquet")
    assert found.columns.tolist() == ["id", "popularity", "prediction", "alias_match"]
    assert found["alias_match"].sum() == 12
    assert found.loc[~found["alias_match"], "prediction"].eq("unsure").all()
    threshold = threshold_popularity(found["popularity"].to_numpy(), found["alias_match"].to_numpy(), tolerance=40)
    assert threshold == (64.0, "on")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_answers_given_elsewhere_are_matched_in_any_order(questions, tmp_path, ending):
    table = pd.DataFrame({"id": questions["id"], "prediction": [f"\n{each}\nQ:" for each in questions["answer"]]})
    table = table.sample(frac=1, random_state=0)
    path = tmp_path / f"theirs.{ending}"
    table.to_csv(path, index=False) if ending == "csv" else table.astype({"id": int}).to_parquet(path)
    write_answers(tmp_path / "out.parquet", questions, predictions_in(path, questions, key="models.gpt.answers"))
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert found["id"].tolist() == questions["id"].tolist()
    assert found["prediction"].tolist() == questions["answer"].tolist()
    assert found["alias_match"].all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table[1:], "does not answer question 1000"),
        (lambda table: pd.concat([table, table[3:4]]), "answers question 1003 twice"),
        (lambda table: table.assign(id=["5", *table["id"][1:]]), "answers question 5, which is no question of this"),
        (lambda table: table.drop(columns="prediction"), "lacks the column prediction"),
    ],
)
def test_answers_that_do_not_fit_the_questions_are_refused(questions, tmp_path, change, words):
    change(pd.DataFrame({"id": questions["id"], "prediction": "x"})).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(PhasemixError, match=words):
        predictions_in(tmp_path / "a.csv", questions, key="models.gpt.answers")


def test_an_empty_answer_is_wrong(questions, tmp_path):
    pd.DataFrame({"id": questions["id"], "prediction": None}).to_csv(tmp_path / "a.csv", index=False)
    write_answers(tmp_path / "out.parquet", questions, predictions_in(tmp_path / "a.csv", questions, key="a"))
    assert not pd.read_parquet(tmp_path / "out.parquet")["alias_match"].any()
