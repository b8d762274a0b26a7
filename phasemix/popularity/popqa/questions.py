"""The questions of PopQA, from the hub or from a file, checked and brought into one table.

**Format** of ``questions.parquet``, one row a question in the order of the dataset:

====================  =================================================================================================
column                content
====================  =================================================================================================
``id``                text
``relation``          that the question asks about, such as ``occupation``
``question``          such as ``What is George Rankin's occupation?``
``answer``            the object, as the dataset writes it
``possible_answers``  a list of texts: the object's name and its aliases
``popularity``        monthly page views of the subject's article in Wikipedia, > 0
``prompt``            what models are given (:mod:`phasemix.popularity.popqa.prompts`)
====================  =================================================================================================
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.hub import cache_alone
from phasemix.fitting.table_file import TableError, check_filled, naming, read_table

FIELDS: Mapping[str, str] = {
    "id": "id",
    "prop": "relation",
    "question": "question",
    "obj": "answer",
    "possible_answers": "possible_answers",
    "s_pop": "popularity",
}
"""The fields of PopQA that are read, and the columns that they become."""
JSON_LINES = ".jsonl"
FILES = (".tsv", ".csv", ".parquet", JSON_LINES)
"""Endings of the files that may hold a copy."""


def hub_questions(dataset: str, revision: str, split: str) -> pd.DataFrame:
    """The questions of a dataset on the hub; where that cannot be reached, from the cache of ``datasets``.

    Raises:
        PhasemixError: neither has this revision of such a dataset, or its rows are not PopQA's.
    """
    alone = cache_alone()
    from datasets import load_dataset  # noqa: PLC0415 (takes a second)

    try:
        found = load_dataset(dataset, split=split, revision=revision)
    except Exception as error:  # of the network, of the hub, of the name
        raise PhasemixError(_unread(dataset, revision, alone or one_line(error))) from error
    if alone and Path(found.cache_files[0]["filename"]).parent.name != revision:  # datasets takes the newest it has
        raise PhasemixError(_unread(dataset, revision, f"{alone}, and the cache has another revision"))
    with naming(f"dataset.hub {dataset}"):
        return to_questions(found.to_pandas())


def _unread(dataset: str, revision: str, problem: str) -> str:
    return (
        f"dataset.hub: cannot read {dataset!r} at revision {revision} ({problem}); check the name and the network, or"
        f" name a copy by dataset.file ({', '.join(FILES)})"
    )


def file_questions(path: Path) -> pd.DataFrame:
    """The questions in a copy of PopQA.

    Raises:
        PhasemixError: it cannot be read, or the first row that is not as PopQA's.
    """
    with naming(f"dataset.file {path}"):
        return to_questions(_json_lines(path) if path.suffix == JSON_LINES else read_table(path))


def to_questions(table: pd.DataFrame) -> pd.DataFrame:
    """The columns above but ``prompt``, from the fields of PopQA.

    Raises:
        TableError: the field that lacks, or the first row that breaks the format.
    """
    check_filled(table, FIELDS)
    found = table[[*FIELDS]].rename(columns=FIELDS).reset_index(drop=True)
    for name in ("id", "relation", "question", "answer"):
        found[name] = found[name].fillna("").astype(str).str.strip()
        _refuse((found[name] == "").to_numpy(), f"{_field(name)} is empty")
    _refuse(found["id"].duplicated().to_numpy(), "its id stands in an earlier row as well")
    found["popularity"] = pd.to_numeric(found["popularity"], errors="coerce").astype(float)
    _refuse(~(found["popularity"].to_numpy() > 0), f"{_field('popularity')} must be a number above 0")
    found["possible_answers"] = found["possible_answers"].map(_answers)
    none = found["possible_answers"].map(len).to_numpy() == 0
    _refuse(none, f"{_field('possible_answers')} must be a JSON list of texts")
    return found


def _answers(value: Any) -> list[str]:
    """The texts of a list, or of one in JSON; empty if it is none, or holds what is no text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    texts = list(value) if isinstance(value, list | np.ndarray) else []
    return texts if all(isinstance(each, str) and each for each in texts) else []


def _json_lines(path: Path) -> pd.DataFrame:
    try:
        return pd.read_json(path, lines=True, dtype=False)
    except FileNotFoundError:
        raise TableError("no such file") from None
    except (OSError, ValueError) as error:
        raise TableError(f"cannot be read: {one_line(error)}") from None


def _field(column: str) -> str:
    return next(field for field, name in FIELDS.items() if name == column)


def _refuse(bad: np.ndarray, problem: str) -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        raise TableError(f"row {rows[0] + 1}: {problem}")
