"""The second stage: first paragraphs of the people's articles.

Format of ``texts.parquet``: a row per person, in the order of the articles; ``item`` (of Wikidata), ``name``,
``occupation``, ``words`` (that tell it), ``birth_date`` (1973-06-26) and ``text``. Its record counts ``texts``, people
``without_article``, and of articles those that do ``not_tell`` something.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json
from phasemix.wikibio.articles import Articles
from phasemix.wikibio.occupations import Occupation
from phasemix.wikibio.people import counted
from phasemix.wikibio.rule import RULE, first_paragraph, not_told
from phasemix.wikibio.stage import record_of, write_record

COLUMNS = ("item", "name", "occupation", "words", "birth_date", "text")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
ROWS = 4096  # that are written at a time


def texts_stamp(people: Path, articles: Articles) -> dict[str, Any]:
    """What decides the texts."""
    return {"rule": RULE, "people": read_json(record_of(people))["sha256"], "articles": articles.stamp}


def write_texts(people: Path, articles: Articles, occupations: Sequence[Occupation], path: Path) -> None:
    """Write ``texts.parquet`` (format above) and its record; memory holds all people and some thousand texts.

    Raises:
        PhasemixError: the articles cannot be read, or none tells what it must.
    """
    left = {row["name"]: row for row in pq.ParquetFile(people).read().to_pylist()}
    not_tell: Counter[str] = Counter()
    rows = _rows(left, articles, {one.item: one for one in occupations}, not_tell)
    texts = 0
    with atomic(path) as temporary:
        with pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
            while part := list(islice(rows, ROWS)):
                writer.write_table(pa.Table.from_pylist(part, SCHEMA))
                texts += len(part)
        if not texts:
            not_tell["people without article"] = len(left)
            raise PhasemixError(f"no first paragraph tells what it must; {counted(not_tell)}")
    stamp = texts_stamp(people, articles)
    write_record(path, stamp, texts=texts, without_article=len(left), not_tell=dict(sorted(not_tell.items())))


def _rows(
    left: dict[str, dict[str, Any]], articles: Articles, occupations: dict[str, Occupation], not_tell: Counter[str]
) -> Iterator[dict[str, str]]:
    """The rows of ``texts.parquet``; whoever's article is found is taken from those who are ``left``."""
    for title, article in articles:
        if (person := left.pop(title, None)) is None:
            continue
        text = first_paragraph(article)
        own = [occupations[item] for item in person["occupations"]]
        lacking = {one: not_told(text, title, one.words, person["birth_date"]) for one in own}
        told = next((one for one in own if lacking[one] is None), None)
        if told is None:
            not_tell[str(lacking[own[0]])] += 1
            continue
        values = (person["item"], title, told.occupation, told.words, person["birth_date"], text)
        yield dict(zip(COLUMNS, values, strict=True))
