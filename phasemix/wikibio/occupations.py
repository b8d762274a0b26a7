"""The occupations whose people a table of WikiBio holds.

Format of a user's list: a CSV file with the columns ``item`` (of Wikidata, such as Q33999), ``occupation`` (as
questions name it) and ``words`` (which tell it in a text, with ``|`` between them).
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from phasemix.base.errors import PhasemixError, one_line

COLUMNS = ("item", "occupation", "words")
ITEM = re.compile(r"Q[1-9]\d*")


class Occupation(NamedTuple):
    """An item of Wikidata, what questions call it, and the words that tell it in a text, with ``|`` between them."""

    item: str
    occupation: str
    words: str


OCCUPATIONS = (
    Occupation("Q33999", "actor", "actor|actress"),
    Occupation("Q11513337", "athlete", "athlete"),
    Occupation("Q3665646", "basketball player", "basketball player"),
    Occupation("Q43845", "businessperson", "businessperson|businessman|businesswoman"),
    Occupation("Q36834", "composer", "composer"),
    Occupation("Q937857", "footballer", "footballer|football player|soccer player"),
    Occupation("Q1930187", "journalist", "journalist"),
    Occupation("Q170790", "mathematician", "mathematician"),
    Occupation("Q1028181", "painter", "painter"),
    Occupation("Q169470", "physicist", "physicist"),
    Occupation("Q82955", "politician", "politician"),
    Occupation("Q177220", "singer", "singer"),
    Occupation("Q10843402", "swimmer", "swimmer"),
    Occupation("Q10833314", "tennis player", "tennis player"),
    Occupation("Q15117302", "volleyball player", "volleyball player"),
    Occupation("Q36180", "writer", "writer|author"),
)
"""Sixteen common ones, as many as paper A has."""


def read_occupations(path: Path | None) -> list[Occupation]:
    """The occupations of a user's list (format above), or ours.

    Raises:
        PhasemixError: it cannot be read, lacks a column or a value, or names an item twice or in another way.
    """
    if path is None:
        return list(OCCUPATIONS)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PhasemixError(f"{path}: cannot be read as a table ({one_line(error)})") from error
    found: dict[str, Occupation] = {}
    for number, row in enumerate(rows, start=1):
        values = [(row.get(column) or "").strip() for column in COLUMNS]
        if not all(values):
            raise PhasemixError(
                f"{path}: row {number} lacks {COLUMNS[values.index('')]}; it needs {', '.join(COLUMNS)}"
            )
        one = Occupation(*values)
        if not ITEM.fullmatch(one.item):
            raise PhasemixError(f"{path}: row {number}: {one.item!r} is no item of Wikidata, such as Q33999")
        if one.item in found:
            raise PhasemixError(f"{path}: row {number}: {one.item} stands there twice")
        found[one.item] = one
    if not found:
        raise PhasemixError(f"{path}: holds no occupation")
    return list(found.values())
