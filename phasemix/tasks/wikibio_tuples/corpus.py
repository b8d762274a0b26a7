"""The corpus of WikiBio's compact tuples: the people that they are about, those of a WikiBio with the same options.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.wikibio.biographies`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from phasemix.base.seeds import generator
from phasemix.tasks.wikibio.biographies import Person, read_people, write_people
from phasemix.tasks.wikibio.corpus import Biographies, other_people, up_to
from phasemix.tasks.wikibio_tuples.compact_tuples import EITHER, written


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Write the people into ``folder``; returns what its checksums say beside.

    Raises:
        PhasemixError: see :class:`phasemix.tasks.wikibio.corpus.Biographies`.
    """
    people = {place: Person(*one[:3], first=0, texts=0) for place, one in Biographies(options, seed)}
    write_people(folder / "people.parquet", [people[place] for place in range(len(people))])
    return {"people": len(people)}


def sample(options: Mapping[str, Any], corpus: Path | None, megabytes: float, *seed: str | int) -> Iterator[str]:
    """About ``megabytes`` (10⁶ bytes) of tuples: of a table's people, or of other invented ones.

    Of each at most one.
    """
    people = read_people(corpus / "people.parquet") if corpus else _strangers(options, *seed)
    rng = generator(*seed, "tokenizer tuples")
    return up_to(megabytes, written(people, rng.random(len(people)) < EITHER))


def _strangers(options: Mapping[str, Any], *seed: str | int) -> list[Person]:
    return [Person(*one[:3], first=0, texts=0) for one in other_people(options, *seed)]
