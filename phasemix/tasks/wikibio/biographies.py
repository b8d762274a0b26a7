"""Biographies of people: a text each, and paraphrases of it.

Format of a user's table (``.csv`` or ``.parquet``): a row per person; ``name``, ``occupation``, ``birth_date``
(1973-06-26, or June 26, 1973) and ``text``, which tells the month and the year of birth, and ``paraphrase_1``,
``paraphrase_2`` and so on; empty ones and repetitions are left out.

Format of ``people.parquet`` in a corpus: a row per person, in the order in which cells that show fewer people leave the
last ones out; ``name``, ``occupation``, ``birth_date`` (June 26, 1973), and of the documents that training may show
``first``, the number of the person's first one, and ``texts``, how many follow each other from there on.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import atomic
from phasemix.tasks.wikibio.birth_dates import month_and_year, months_and_years, spelled

COLUMNS = ("name", "occupation", "birth_date", "text")
PARAPHRASE = re.compile(r"paraphrase_(\d+)")
ROWS = 1024  # of a table, that are read at a time
TOLD = 3  # wrong rows
SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("occupation", pa.string()),
        ("birth_date", pa.string()),
        ("first", pa.int64()),
        ("texts", pa.int64()),
    ]
)


class Biography(NamedTuple):
    """What is told of a person: ``texts`` are the text and its paraphrases, all different, two at least."""

    name: str
    occupation: str
    birth_date: str
    texts: list[str]


class Person(NamedTuple):
    """What is asked about a person, and which documents training may show: ``texts`` of them from ``first`` on."""

    name: str
    occupation: str
    birth_date: str
    first: int
    texts: int


def check_table(path: Path) -> int:
    """How many people a user's table (format above) tells of.

    Raises:
        PhasemixError: it cannot be read, lacks a column, or has rows that lack a value, hold what is no text, have a
            date that is none, a text that does not tell it, no paraphrase, or a person twice; a few are named.
    """
    people, wrong, problems = 0, 0, []
    seen: set[tuple[str, str]] = set()
    for people, row in enumerate(_rows(path), start=1):
        try:
            one = _biography(row)
            if (one.name, one.occupation) in seen:
                raise ValueError(f"there is another {one.occupation} named {one.name}; keep one")
            seen.add((one.name, one.occupation))
        except ValueError as error:
            wrong += 1
            problems += [f"row {people}: {error}"] if wrong <= TOLD else []
    if wrong:
        more = f"; and {wrong - TOLD:,} other rows" if wrong > TOLD else ""
        raise PhasemixError(f"{path}: {'; '.join(problems)}{more}")
    return people


def read_table(path: Path) -> Iterator[Biography]:
    """The biographies in a user's table that was checked, one after another."""
    return map(_biography, _rows(path))


def _rows(path: Path) -> Iterator[Mapping[Any, Any]]:
    try:
        for number, table in enumerate(_parts(path)):
            missing = [column for column in COLUMNS if column not in table]
            if missing and not number:
                raise PhasemixError(f"{path}: has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}")
            yield from table.astype(object).to_dict("records")
    except PhasemixError:
        raise
    except Exception as error:  # the libraries raise many kinds
        raise PhasemixError(f"{path}: cannot be read as a table ({one_line(error)})") from error


def _parts(path: Path) -> Iterator[pd.DataFrame]:
    if path.suffix == ".parquet":
        with pq.ParquetFile(path) as file:
            yield from (batch.to_pandas() for batch in file.iter_batches(batch_size=ROWS))
    else:
        with pd.read_csv(path, dtype=str, keep_default_na=False, chunksize=ROWS) as parts:
            yield from parts


def _biography(row: Mapping[Any, Any]) -> Biography:
    """The biography in a row.

    Raises:
        ValueError: what is wrong with it.
    """
    values = {column: _text(row[column], column) for column in COLUMNS}
    for column in COLUMNS:
        if not values[column]:
            raise ValueError(f"{column} is empty")
    born = spelled(values["birth_date"])
    if month_and_year(born) not in months_and_years(values["text"]):
        raise ValueError(f"text does not tell the month and the year of birth, {month_and_year(born)}")
    numbered = sorted((int(found[1]), column) for column in row if (found := PARAPHRASE.fullmatch(str(column))))
    told = dict.fromkeys([values["text"], *(_text(row[column], column) for _, column in numbered)])
    texts = [text for text in told if text]
    if len(texts) == 1:
        raise ValueError("there is no paraphrase; the last one of everybody is held out")
    return Biography(values["name"], values["occupation"], born, texts)


def _text(value: Any, column: str) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if not isinstance(value, str):
        raise ValueError(f"{column} holds {value!r}, which is no text")
    return value.strip()


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
