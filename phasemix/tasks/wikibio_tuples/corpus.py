"""The corpus of WikiBio's compact tuples: the people that they are about, those of a WikiBio with the same options.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.wikibio.biographies`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from phasemix.base.seeds import generator
from phasemix.tasks.wikibio.biographies import Person, read_people, write_people
from phasemix.tasks.wikibio.corpus import biographies
from phasemix.tasks.wikibio_tuples.compact_tuples import written


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Write the people into ``folder``; returns what its checksums say beside.

    Raises:
        PhasemixError: see :func:`phasemix.tasks.wikibio.corpus.biographies`.
    """
    people = [Person(one.name, one.occupation, one.birth_date, 1) for one in biographies(options, seed)]
    write_people(folder / "people.parquet", people)
    return {"people": len(people)}


def sample(options: Mapping[str, Any], corpus: Path, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """Tuples, up to about ``megabytes`` (10⁶ bytes), each person's at most once."""
    people = read_people(corpus / "people.parquet")
    rng = generator(*seed, "tokenizer tuples")
    bytes_left = megabytes * 1e6
    for text in written(people, rng.random(len(people)) < 0.5):
        bytes_left -= len(text.encode())
        if bytes_left < 0:
            return
        yield text
