"""The corpus of WikiBio: its people and their texts.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.wikibio.biographies`), and ``documents.parquet``
(:mod:`phasemix.corpora.documents`), which holds each person's texts one after another; the last one of everybody is
held out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic
from phasemix.base.seeds import generator, named_seed
from phasemix.corpora.documents import SCHEMA, documents_table, sample_documents
from phasemix.tasks.synbio.corpus import SAMPLED_PEOPLE
from phasemix.tasks.synbio.values import Values
from phasemix.tasks.wikibio.biographies import Biography, Person, check_table, read_table, write_people
from phasemix.tasks.wikibio.birth_dates import month_and_year, months_and_years
from phasemix.tasks.wikibio.invented import invent

GROUP = 1024


class Biographies:
    """The people of a source: those of a table, drawn at random, or invented ones.

    Args:
        options: ``people``, ``table`` and ``invented``, as :attr:`phasemix.tasks.wikibio.spec.BiographySource.corpus`
            says.
        seed: decides who is taken, and in which order cells that show fewer people leave them out.

    Raises:
        PhasemixError: a table holds fewer people, or something is wrong with it; more people are to be invented than
            there are names.
    """

    def __init__(self, options: Mapping[str, Any], seed: int) -> None:
        self._options, self._seed = options, seed
        people = options["people"]
        there = check_table(Path(options["table"])) if options["table"] else people
        if there < people:
            raise PhasemixError(f"{options['table']}: holds {there} people, and {people} are asked for")
        order = generator(seed, "order of people").permutation(there)[:people].tolist()
        self.places = {row: place for place, row in enumerate(order)}
        """By its number in the table, the place of everybody who is taken."""

    def __iter__(self) -> Iterator[tuple[int, Biography]]:
        """Everybody's place and biography, as the table has them."""
        for row, one in enumerate(self._all()):
            if row in self.places:
                yield self.places[row], one

    def _all(self) -> Iterator[Biography]:
        if self._options["table"]:
            return read_table(Path(self._options["table"]))
        return iter(invented_people(self._options["invented"], self._options["people"], self._seed))


def invented_people(options: Mapping[str, Any], people: int, seed: int) -> list[Biography]:
    """So many people by the options of :class:`phasemix.tasks.wikibio.spec.Invented`."""
    return invent(people, options["paraphrases"], Values(**options["values"]), seed)


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Write people and texts into ``folder``; returns what its checksums say beside.

    ``texts_without_birth_date`` counts paraphrases that do not tell month and year as the text does.

    Raises:
        PhasemixError: see :class:`Biographies`.
    """
    people: dict[int, Person] = {}
    facts = {"people": options["people"], "texts": 0, "texts_without_birth_date": 0}
    shown = 0
    with (
        atomic(folder / "documents.parquet") as temporary,
        pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer,
    ):
        for group in _groups(Biographies(options, seed)):
            rows: list[tuple[str, bool]] = []
            for place, one in group:
                people[place] = Person(one.name, one.occupation, one.birth_date, shown, len(one.texts) - 1)
                shown += len(one.texts) - 1
                rows += [(text, text == one.texts[-1]) for text in one.texts]
                born = month_and_year(one.birth_date)
                facts["texts_without_birth_date"] += sum(born not in months_and_years(text) for text in one.texts)
            writer.write_table(documents_table(rows))
            facts["texts"] += len(rows)
    write_people(folder / "people.parquet", [people[place] for place in range(len(people))])
    return facts


def _groups(people: Iterable[tuple[int, Biography]]) -> Iterator[list[tuple[int, Biography]]]:
    """As many as are held in memory at a time."""
    left = iter(people)
    while group := list(islice(left, GROUP)):
        yield group


def sample(options: Mapping[str, Any], corpus: Path | None, megabytes: float, *seed: str | int) -> Iterator[str]:
    """About ``megabytes`` (10⁶ bytes) of texts: a table's that are not held out, or about other invented people.

    Each at most once.
    """
    if corpus is not None:
        return sample_documents(corpus / "documents.parquet", megabytes, *seed, "tokenizer biographies")
    return up_to(megabytes, (text for one in other_people(options, *seed) for text in one.texts))


def up_to(megabytes: float, texts: Iterable[str]) -> Iterator[str]:
    """The first of some texts, about ``megabytes`` (10⁶ bytes) of them, or all."""
    left = megabytes * 1e6
    for text in texts:
        if left <= 0:
            return
        yield text
        left -= len(text.encode())


def other_people(options: Mapping[str, Any], *seed: str | int) -> list[Biography]:
    """Invented people who are not studied, for tokenizers."""
    names = Values(**options["invented"]["values"]).unique_names
    return invented_people(options["invented"], min(SAMPLED_PEOPLE, names), named_seed(*seed, "tokenizer"))
