"""The answers of one model to all questions: asked here, or elsewhere.

**Format** of ``answers.parquet``, one row a question, in the order of ``questions.parquet``:

===============  ======================================================================================================
column           content
===============  ======================================================================================================
``id``           of the question
``popularity``   of its subject
``prediction``   the first line of what the model said
``alias_match``  whether that is right by :func:`phasemix.popularity.popqa.alias_match.alias_match`
===============  ======================================================================================================

A model that was asked elsewhere has a table of the same format, .csv or .parquet; of it, ``id`` and ``prediction`` are
read.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_parquet
from phasemix.fitting.table_file import read_with
from phasemix.popularity.popqa.alias_match import alias_match, first_line


def write_answers(out: Path, questions: pd.DataFrame, predictions: Sequence[str]) -> None:
    """Write the answers to ``questions``, one prediction for each, in their order."""
    lines = [first_line(text) for text in predictions]
    right = [alias_match(*pair) for pair in zip(lines, questions["possible_answers"], strict=True)]
    write_parquet(out, questions[["id", "popularity"]].assign(prediction=lines, alias_match=right))


def predictions_in(path: Path, questions: pd.DataFrame, *, key: str) -> list[str]:
    """The predictions in a user's table of answers, one for every question, in their order.

    Args:
        path: the table.
        questions: all that the model was asked.
        key: of the configuration, which names the table in messages.

    Raises:
        PhasemixError: it cannot be read, lacks a column or a question, has one twice, or has others.
    """
    table = read_with(path, {"id", "prediction"})
    ids = table["id"].astype(str).str.strip()
    wrong = [
        ("answers {} twice", ids[ids.duplicated()]),
        ("answers {}, which is no question of this dataset", ids[~ids.isin(questions["id"])]),
        ("does not answer {}", questions["id"][~questions["id"].isin(ids)]),
    ]
    for words, found in wrong:
        if len(found):
            raise PhasemixError(f"{key} {path}: {words.format(f'question {found.iloc[0]}')}")
    by_id = dict(zip(ids, table["prediction"].fillna("").astype(str), strict=True))
    return [by_id[name] for name in questions["id"]]
