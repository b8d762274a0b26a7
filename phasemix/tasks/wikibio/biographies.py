"""Biographies of people: a text each, and paraphrases of it.

Format of a user's table (``.csv`` or ``.parquet``): a row per person; ``name``, ``occupation``, ``birth_date``
(1973-06-26, or June 26, 1973) and ``text``, which tells all three, and any number of columns whose names begin with
``paraphrase``; empty ones are left out.

Format of ``people.parquet`` in a corpus: a row per person; ``name``, ``occupation``, ``birth_date`` (June 26, 1973) and
``texts``, how many training may show of the person.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import atomic
from phasemix.tasks.wikibio.birth_dates import spelled

COLUMNS = ("name", "occupation", "birth_date", "text")
PARAPHRASES = "paraphrase"
SCHEMA = pa.schema(
    [("name", pa.string()), ("occupation", pa.string()), ("birth_date", pa.string()), ("texts", pa.int64())]
)


class Biography(NamedTuple):
    """What is told of a person: ``texts`` are the text and its paraphrases."""

    name: str
    occupation: str
    birth_date: str
    texts: list[str]


class Person(NamedTuple):
    """What is asked about a person, and how many ``texts`` training may show."""

    name: str
    occupation: str
    birth_date: str
    texts: int


def read_table(path: Path) -> list[Biography]:
    """The biographies in a user's table (format above).

    Raises:
        PhasemixError: it cannot be read, lacks a column or a value, has a date that is none, a text that does not tell
            the month and the year of birth, nothing but the text itself, or a person twice.
    """
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str)
    except Exception as error:  # the libraries raise many kinds
        raise PhasemixError(f"{path}: cannot be read as a table ({one_line(error)})") from error
    if missing := [column for column in COLUMNS if column not in table]:
        raise PhasemixError(f"{path}: has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}")
    paraphrases = [column for column in map(str, table.columns) if column.startswith(PARAPHRASES)]
    table = table[[*COLUMNS, *paraphrases]].fillna("").astype(str)
    found = [
        _biography(row, paraphrases, f"{path}: row {number}")
        for number, row in enumerate(table.to_dict("records"), start=1)
    ]
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(found, start=1):
        if (one.name, one.occupation) in seen:
            raise PhasemixError(f"{path}: row {number}: there is another {one.occupation} named {one.name}; keep one")
        seen.add((one.name, one.occupation))
    return found


def _biography(row: Mapping[Any, str], paraphrases: Sequence[str], where: str) -> Biography:
    values = {str(column): value.strip() for column, value in row.items()}
    for column in COLUMNS:
        if not values[column]:
            raise PhasemixError(f"{where}: {column} is empty")
    try:
        date = spelled(values["birth_date"])
    except ValueError as error:
        raise PhasemixError(f"{where}: birth_date: {error}") from error
    month, _, year = date.replace(",", "").split()
    if month not in values["text"] or year not in values["text"]:
        raise PhasemixError(f"{where}: text does not tell the month and the year of birth, {month} {year}")
    texts = [values["text"], *(values[column] for column in paraphrases if values[column])]
    if len(texts) == 1:
        raise PhasemixError(f"{where}: has no paraphrase; the last one of everybody is held out")
    return Biography(values["name"], values["occupation"], date, texts)


def write_people(path: Path, people: Sequence[Person]) -> None:
    """Write ``people.parquet`` (format above)."""
    columns = zip(*people, strict=True)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, SCHEMA.types, strict=True)]
    with atomic(path) as temporary:
        pq.write_table(pa.table(arrays, schema=SCHEMA), temporary)


def read_people(path: Path) -> list[Person]:
    """Read ``people.parquet`` (format above)."""
    columns = pq.ParquetFile(path).read().to_pydict()
    return [Person(*row) for row in zip(*(columns[name] for name in SCHEMA.names), strict=True)]
