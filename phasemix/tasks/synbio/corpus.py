"""The corpus of SynBio: its people.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.synbio.people`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.seeds import generator, named_seed
from phasemix.tasks.synbio.people import SynBio, draw_people, write_people
from phasemix.tasks.synbio.values import Values

SAMPLED_PEOPLE = 1000  # drawn for tokenizers alone, so that studies of other people keep theirs


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Draw the people and write them into ``folder``; returns what their checksums say beside."""
    write_people(folder / "people.parquet", draw_people(options["people"], Values(**options["values"]), seed))
    return {"people": options["people"]}


def sample(options: Mapping[str, Any], corpus: Path | None, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of biographies of people who are drawn from the same values, but not studied."""
    values = Values(**options["values"])
    count = min(SAMPLED_PEOPLE, values.unique_names)
    people = SynBio(draw_people(count, values, named_seed(*seed, "tokenizer")))
    rng = generator(*seed, "tokenizer biographies")
    written = 0
    while written < megabytes * 1e6:
        texts = people.biographies(np.arange(len(people)), rng)
        yield from texts
        written += sum(len(text) for text in texts)
