"""The corpus of WikiBio: its people and their texts.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.wikibio.biographies`), and ``documents.parquet``
(:mod:`phasemix.corpora.documents`), which holds the texts of the first person, then those of the second, and so on; the
last paraphrase of everybody is held out.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic
from phasemix.base.seeds import generator
from phasemix.corpora.documents import SCHEMA, sample_documents
from phasemix.tasks.synbio.values import Values
from phasemix.tasks.wikibio.biographies import Biography, Person, read_table, write_people
from phasemix.tasks.wikibio.invented import invent


def biographies(options: Mapping[str, Any], seed: int) -> list[Biography]:
    """The people of a source and what is told of them, in an order of the seed.

    Raises:
        PhasemixError: a table holds fewer people, or cannot be read; more people are to be invented than there are
            names.
    """
    people = options["people"]
    if options["table"] is None:
        return invent(people, options["invented"]["paraphrases"], Values(**options["invented"]["values"]), seed)
    found = read_table(Path(options["table"]))
    if len(found) < people:
        raise PhasemixError(f"{options['table']}: holds {len(found)} people, and {people} are asked for")
    order = generator(seed, "people of a table").permutation(len(found))[:people]
    return [found[i] for i in order.tolist()]


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Write people and texts into ``folder``; returns what its checksums say beside.

    Raises:
        PhasemixError: see :func:`biographies`.
    """
    found = biographies(options, seed)
    write_people(
        folder / "people.parquet",
        [Person(one.name, one.occupation, one.birth_date, len(one.texts) - 1) for one in found],
    )
    rows = [(text, text is one.texts[-1]) for one in found for text in one.texts]
    columns = [pa.array(list(column), kind) for column, kind in zip(zip(*rows, strict=True), SCHEMA.types, strict=True)]
    with atomic(folder / "documents.parquet") as temporary:
        pq.write_table(pa.table(columns, schema=SCHEMA), temporary, compression="zstd")
    return {"people": len(found), "texts": len(rows)}


def sample(options: Mapping[str, Any], corpus: Path, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of the texts that are not held out, each at most once."""
    return sample_documents(corpus / "documents.parquet", megabytes, *seed, "tokenizer biographies")
