"""The corpus of SynBio: its people.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.synbio.people`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.seeds import generator, named_seed
from phasemix.tasks.synbio.fetched_lists import fetch_lists
from phasemix.tasks.synbio.people import People, SynBio, draw_people, write_people
from phasemix.tasks.synbio.values import Values

SAMPLED_PEOPLE = 1000  # drawn for tokenizers alone, so that studies of other people keep theirs


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Draw the people and write them into ``folder``; returns what their checksums say beside.

    Raises:
        PhasemixError: see :func:`phasemix.tasks.synbio.fetched_lists.fetch_lists`.
    """
    values = Values(**options["values"])
    lists = fetch_lists(options.get("fetched", {}), values)
    write_people(folder / "people.parquet", draw_people(options["people"], values, seed, lists))
    return {"people": options["people"]}


def sample(options: Mapping[str, Any], corpus: Path | None, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of biographies of people who are drawn from the same values, but not studied."""
    people, rng = SynBio(other_people(options, *seed)), generator(*seed, "tokenizer biographies")
    return enough(lambda: people.biographies(np.arange(len(people)), rng), megabytes)


def other_people(options: Mapping[str, Any], *seed: str | int) -> People:
    """People who are drawn from the same values, for tokenizers."""
    values = Values(**options["values"])
    lists = fetch_lists(options.get("fetched", {}), values)
    return draw_people(min(SAMPLED_PEOPLE, values.unique_names), values, named_seed(*seed, "tokenizer"), lists)


def enough(texts: Callable[[], list[str]], megabytes: float) -> Iterator[str]:
    """Texts, drawn again and again until there are about so many 10⁶ characters of them."""
    written = 0
    while written < megabytes * 1e6:
        found = texts()
        yield from found
        written += sum(len(text) for text in found)
