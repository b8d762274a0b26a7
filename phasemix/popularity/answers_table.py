"""A table of answers of models to questions about facts of known popularity.

**Format.** CSV or Parquet, one row a model and a question (or a fact, where several questions are asked about one):

=======================  ==============================================================================================
column                   content
=======================  ==============================================================================================
``model``                the name of the model
``parameters``           of the model, > 0; empty where they are not known and shall be inferred
``popularity``           of the fact, > 0: monthly page views, a frequency in the training text
``correct``              whether the answer was right (1 or 0, true or false), or how many answers about the fact were
``asked`` (optional)     how many questions were asked about the fact; 1 without this column
``family`` (optional)    of the model, such as Llama-2; empty where it has none
``held_out`` (optional)  whether the law shall be fitted without the model (1 or 0), though its size is known
=======================  ==============================================================================================

What is said of a model is the same in all its rows. Other columns are left alone.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.fitting.table_file import TableError, check_filled, naming, read_table

COLUMNS = ("model", "parameters", "popularity", "correct")
OF_MODELS = ("model", "parameters", "family", "held_out")
"""The columns that say something of a model; the last two may be missing."""
WORDS: Mapping[str, str] = {"true": "1", "false": "0"}


def read_answers(path: str | Path) -> pd.DataFrame:
    """Read and check a table of answers; columns but ``model`` and ``family`` are numbers, ``parameters`` may be NaN.

    Raises:
        PhasemixError: the file cannot be read, or the first row that breaks the format.
    """
    path = Path(path)
    with naming(path):
        return to_answers(read_table(path))


def to_answers(table: pd.DataFrame) -> pd.DataFrame:
    """Check a table of answers.

    Raises:
        TableError: the column that lacks, or the first row that breaks the format.
    """
    check_filled(table, COLUMNS)
    found = pd.DataFrame({"model": table["model"].fillna("").astype(str).str.strip()})
    _refuse((found["model"] == "").to_numpy(), found, "model is empty")
    for name in (*COLUMNS[1:], "asked"):
        found[name] = _numbers(table, name) if name in table.columns else 1.0
    if "family" in table.columns:
        found["family"] = table["family"].fillna("").astype(str).str.strip()
    if "held_out" in table.columns:
        found["held_out"] = _numbers(table, "held_out").fillna(0.0)
        _refuse(~found["held_out"].isin([0, 1]).to_numpy(), found, "held_out must be 1 or 0")
    popularity, correct, asked = (found[name].to_numpy() for name in ("popularity", "correct", "asked"))
    given = found["parameters"].notna().to_numpy()
    _refuse(~(popularity > 0), found, "popularity must be above 0")
    _refuse(given & ~(found["parameters"].to_numpy() > 0), found, "parameters must be above 0, or empty")
    _refuse(~(asked > 0), found, "asked must be above 0")
    _refuse(~((correct >= 0) & (correct <= asked)), found, "correct must be from 0 to the number of questions asked")
    for name in of_models(found)[1:]:
        counts = found.groupby("model", sort=False)[name].nunique(dropna=False)
        if (counts > 1).any():
            raise TableError(f"{counts.index[counts > 1][0]}: has different values of {name} in its rows")
    return found


def of_models(table: pd.DataFrame) -> list[str]:
    """Of :data:`OF_MODELS`, the columns that a table has."""
    return [name for name in OF_MODELS if name in table.columns]


def _numbers(table: pd.DataFrame, name: str) -> pd.Series:
    """A column as numbers; empty cells are NaN.

    Raises:
        TableError: a cell that is no number.
    """
    cells = table[name]
    text = cells.astype(str).str.strip().str.lower().replace(dict(WORDS))
    empty = cells.isna() | text.isin(["", "nan", "none"])
    found = pd.to_numeric(text.mask(empty), errors="coerce")
    bad = np.flatnonzero((found.isna() | ~np.isfinite(found.fillna(0))) & ~empty)
    if len(bad):
        raise TableError(f"row {bad[0] + 1}: {name} = {cells.iloc[bad[0]]!r} is no number")
    return found.astype(float)


def _refuse(bad: np.ndarray, table: pd.DataFrame, problem: str) -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        model = table["model"].iloc[rows[0]]
        raise TableError(f"row {rows[0] + 1}{model and f' ({model})'}: {problem}")
