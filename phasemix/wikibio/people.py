"""The first stage: people of a dump of Wikidata.

Format of ``people.parquet``: a row per person, in the dump's order; ``item`` (of Wikidata), ``name``, ``birth_date``
(1973-06-26) and ``occupations`` (items, a list). Its record counts ``people`` and those who were ``passed_over``.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, unchanged
from phasemix.wikibio.occupations import Occupation
from phasemix.wikibio.rule import RULE
from phasemix.wikibio.stage import identity, write_record
from phasemix.wikibio.wikidata import ENDINGS, Person, read_people

SCHEMA = pa.schema(
    [
        ("item", pa.string()),
        ("name", pa.string()),
        ("birth_date", pa.string()),
        ("occupations", pa.list_(pa.string())),
    ]
)
SHARED = "an article that two items claim"


def people_stamp(dump: Path, occupations: Sequence[Occupation]) -> dict[str, Any]:
    """What decides the people.

    Raises:
        PhasemixError: there is no such dump, or its name has another ending.
    """
    if not dump.is_file():
        raise PhasemixError(f"--wikidata {dump}: no such file")
    if not dump.name.endswith(ENDINGS):
        raise PhasemixError(f"--wikidata {dump}: must be a file that ends in {', '.join(ENDINGS)}")
    return {"rule": RULE, "wikidata": identity(dump), "occupations": [list(one) for one in occupations]}


def write_people(dump: Path, occupations: Sequence[Occupation], path: Path) -> None:
    """Write ``people.parquet`` (format above) and its record; memory holds all people, some 600 bytes each.

    Raises:
        PhasemixError: the dump cannot be read, or holds nobody.
    """
    stamp = people_stamp(dump, occupations)
    passed_over: Counter[str] = Counter()
    found: dict[str, Person | None] = {}
    with unchanged([dump]):
        for person in read_people(dump, {one.item for one in occupations}, passed_over):
            found[person.name] = None if person.name in found else person  # a dump is not of one moment
    people = [person for person in found.values() if person]
    passed_over.update({SHARED: len(found) - len(people)})
    if not people:
        raise PhasemixError(f"{dump}: holds nobody for the table; {counted(passed_over)}")
    with atomic(path) as temporary:
        pq.write_table(pa.Table.from_pylist([one._asdict() for one in people], SCHEMA), temporary, compression="zstd")
    write_record(path, stamp, people=len(people), passed_over=dict(sorted(passed_over.items())))


def counted(counts: Counter[str]) -> str:
    """Counts in words, the largest first."""
    return ", ".join(f"{words}: {count:,}" for words, count in counts.most_common() if count) or "nothing was counted"
