"""People in a dump of Wikidata (``latest-all.json.gz`` and its like): one JSON array, an entity a line.

The format is Wikibase's: https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
"""

import bz2
import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from phasemix.base.errors import PhasemixError, one_line
from phasemix.tasks.wikibio.birth_dates import FIRST_YEAR
from phasemix.training.progress import progress

HUMAN, INSTANCE_OF, BIRTH_DATE, OCCUPATION, ARTICLES = "Q5", "P31", "P569", "P106", "enwiki"
LANGUAGES = ("en", "mul")  # English, or what stands for all languages
DAY, GREGORIAN = 11, "http://www.wikidata.org/entity/Q1985727"
TIME = re.compile(r"\+(\d{4})-(\d\d)-(\d\d)T00:00:00Z")
MARKS = tuple(f'"{mark}"'.encode() for mark in (ARTICLES, BIRTH_DATE, HUMAN))
"""What stands in the line of everybody who may be a person of WikiBio; looking for it is faster than parsing."""
LINES = 4096  # between two looks at how far the file is read
BUFFER = 2**20  # bytes
ENDINGS = (".json", ".json.gz", ".json.bz2")


class Person(NamedTuple):
    """A person of Wikidata, by the rule of :mod:`phasemix.wikibio.rule`.

    Attributes:
        item: such as Q254.
        name: the label, which is the article's title too.
        birth_date: such as 1756-01-27.
        occupations: items, in Wikidata's order.
    """

    item: str
    name: str
    birth_date: str
    occupations: list[str]


def read_people(dump: Path, occupations: set[str], passed_over: Counter[str]) -> Iterator[Person]:
    """People in a dump who have an article and one of the occupations, in the dump's order.

    Args:
        dump: a file that ends in one of :data:`ENDINGS`; it is read as a stream, a line at a time.
        occupations: items.
        passed_over: counts those of them who are left out, by what is wrong.

    Raises:
        PhasemixError: it cannot be read, ends too early, or has a line that is no entity.
    """
    for number, entity in _candidates(dump, occupations):
        try:
            own = [item for item in _items(entity, OCCUPATION) if item in occupations]
            if not own or HUMAN not in _items(entity, INSTANCE_OF) or ARTICLES not in (entity["sitelinks"] or {}):
                continue
            found = _person(entity, own)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PhasemixError(f"{dump}: line {number} is no entity of Wikidata: {_where(error)}") from error
        if isinstance(found, Person):
            yield found
        else:
            passed_over[found] += 1


def _person(entity: Mapping[str, Any], occupations: list[str]) -> Person | str:
    """The person that a human with an article and these occupations is, or else what is wrong."""
    labels = entity["labels"] or {}
    name = next((labels[language]["value"] for language in LANGUAGES if language in labels), None)
    if name != entity["sitelinks"][ARTICLES]["title"]:
        return "article has another title"
    born = {day for value in _values(entity, BIRTH_DATE) if (day := _day(value))}
    if len(born) != 1:
        return "several birth dates" if born else "birth date not known to the day"
    return Person(entity["id"], name, born.pop(), occupations)


def _items(entity: Mapping[str, Any], of: str) -> list[str]:
    return [value["id"] for value in _values(entity, of)]


def _values(entity: Mapping[str, Any], of: str) -> list[Any]:
    """The known values of a property's statements of the best rank."""
    statements = (entity["claims"] or {}).get(of, [])  # an empty object is written as a list
    preferred = [one for one in statements if one["rank"] == "preferred"]
    best = preferred or [one for one in statements if one["rank"] == "normal"]
    return [one["mainsnak"]["datavalue"]["value"] for one in best if one["mainsnak"]["snaktype"] == "value"]


def _day(value: Mapping[str, Any]) -> str | None:
    """The day that a value names, such as 1973-06-26, by the Gregorian calendar; None if it names none."""
    found = TIME.fullmatch(value["time"])
    if not found or value["precision"] != DAY or value["calendarmodel"] != GREGORIAN or int(found[1]) < FIRST_YEAR:
        return None
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:  # such as June 31
        return None


def _candidates(dump: Path, occupations: set[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entities in whose lines all :data:`MARKS` and one of the occupations stand, with the lines' numbers."""
    either = [f'"{item}"'.encode() for item in sorted(occupations)]
    inside = False
    for number, line in enumerate(_lines(dump), start=1):
        text = line.strip().removesuffix(b",")
        if len(text) < 2:  # the array's brackets, and empty lines
            inside = text == b"[" or (inside and text != b"]")
        elif not (text.startswith(b"{") and text.endswith(b"}")):
            raise PhasemixError(f"{dump}: line {number} is no entity of Wikidata: it must stand between {{ and }}")
        elif all(mark in text for mark in MARKS) and any(mark in text for mark in either):
            try:
                yield number, json.loads(text)
            except ValueError as error:
                raise PhasemixError(f"{dump}: line {number} is no JSON ({one_line(error)})") from error
    if inside:
        raise PhasemixError(f"{dump}: ends in the middle, without ]; download it again")


def _lines(dump: Path) -> Iterator[bytes]:
    """The lines of a file, packed or not; a bar says how much of it is read."""
    size = dump.stat().st_size
    with dump.open("rb") as raw, _unpacked(dump, raw) as file, progress(size, 0, unit="B") as bar:
        try:
            for number, line in enumerate(file):
                yield line
                if number % LINES == 0:
                    bar.update(raw.tell() - bar.n)
        except EOFError as error:
            raise PhasemixError(f"{dump}: ends in the middle; download it again") from error
        except (OSError, zlib.error) as error:
            raise PhasemixError(f"{dump}: cannot be read ({one_line(error)})") from error


def _unpacked(dump: Path, raw: IO[bytes]) -> IO[bytes]:
    opened: dict[str, Callable[[IO[bytes]], Any]] = {
        ".gz": lambda file: gzip.GzipFile(fileobj=file),
        ".bz2": bz2.BZ2File,
    }
    return io.BufferedReader(opened[dump.suffix](raw), BUFFER) if dump.suffix in opened else raw


def _where(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else one_line(error)
