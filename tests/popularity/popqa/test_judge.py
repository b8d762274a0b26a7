"""What a judge is asked, and what its words mean."""

import pandas as pd
import pytest

from phasemix.popularity.popqa.judge import question_to_judge, questions_to_judge, verdict, write_verdicts


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Yes", True), ("no", False), ("YES.", True), ("**No**", False), (" yes!", True), ('"No."', False),
        ("Yes, it is", None), ("Yes and no", None), ("Not quite", None), ("yesterday", None), ("", None),
    ],
)  # fmt: skip
def test_only_yes_or_no_alone_is_a_verdict(words, meant):
    assert verdict(words) is meant


def test_the_exact_text():
    assert question_to_judge("What color is snow?", ["white", "off-white"], "snowy") == (
        "Question: What color is snow?\nCorrect answers: white; off-white\nAnswer of a student: snowy\n\n"
        "Does the student's answer mean the same as one of the correct answers? Say one word, Yes or No.\nVerdict:"
    )


def test_verdicts_are_kept_with_their_words(questions, tmp_path):
    answers = questions[["id"]][:3].assign(prediction=["a", "b", "c"])
    assert questions_to_judge(questions[:3], answers)[2].startswith("Question: What color is S2?\nCorrect answers: gre")
    write_verdicts(tmp_path / "verdicts.parquet", answers, ["Yes.", "I do not know", "no"])
    found = pd.read_parquet(tmp_path / "verdicts.parquet")
    assert found["words"].tolist() == ["Yes.", "I do not know", "no"]
    assert found["judged"].fillna(-1).tolist() == [1, -1, 0]
