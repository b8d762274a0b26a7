"""Whether answers are right, by a language model as judge.

Paper A has answers judged by a model. We do not know what that was asked, so the words here are ours.

**Format** of ``verdicts.parquet``, one row a question, in the order of ``answers.parquet``: ``id``, ``words`` (the
first line of what the judge said) and ``judged`` (1: right, 0: wrong, missing if the words are neither yes nor no).
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.base.files import write_parquet

VERDICT = re.compile(r"\W*(yes|no)\W*", re.IGNORECASE)
JUDGE_TOKENS = 16  # that a judge may say


def question_to_judge(question: str, possible_answers: Sequence[str], prediction: str) -> str:
    """What a judge is asked about an answer."""
    right = "; ".join(possible_answers)
    return (
        f"Question: {question}\nCorrect answers: {right}\nAnswer of a student: {prediction}\n\n"
        "Does the student's answer mean the same as one of the correct answers? Say one word, Yes or No.\nVerdict:"
    )


def verdict(words: str) -> bool | None:
    """What a judge says: yes or no alone, small or capital, with punctuation or without; None if it is neither."""
    found = VERDICT.fullmatch(words)
    return None if found is None else found[1].lower() == "yes"


def questions_to_judge(questions: pd.DataFrame, answers: pd.DataFrame) -> list[str]:
    """What a judge is asked about every answer; both tables have the same questions in the same order."""
    columns = questions["question"], questions["possible_answers"], answers["prediction"]
    return [question_to_judge(*row) for row in zip(*columns, strict=True)]


def write_verdicts(out: Path, answers: pd.DataFrame, words: Sequence[str]) -> None:
    """Write what a judge said of every answer."""
    judged = [np.nan if (each := verdict(line)) is None else float(each) for line in words]
    write_parquet(out, answers[["id"]].assign(words=list(words), judged=judged))
