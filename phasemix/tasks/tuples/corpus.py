"""The corpus of compact tuples: the people that they are about, those of a SynBio of the same number and values.

Format of its folder: ``people.parquet`` (:mod:`phasemix.tasks.synbio.people`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.seeds import generator
from phasemix.tasks.synbio.corpus import enough, other_people, write
from phasemix.tasks.tuples.compact_tuples import CompactTuples

__all__ = ["sample", "write"]


def sample(options: Mapping[str, Any], corpus: Path | None, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of tuples of people who are drawn from the same values, but not studied."""
    tuples, rng = CompactTuples(other_people(options, *seed)), generator(*seed, "tokenizer tuples")
    persons = np.arange(len(tuples))
    return enough(lambda: tuples.render(persons, tuples.draw(len(persons), rng)), megabytes)
