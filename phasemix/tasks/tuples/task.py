"""Compact tuples as training and evaluation need them.

They are rendered and tokenised on the way, so their tokens folder is empty.
"""

from functools import cached_property
from pathlib import Path

import numpy as np

from phasemix.base.files import checksums_of, write_checksums
from phasemix.base.seeds import generator
from phasemix.corpora.exposures import Exposures
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.tasks.synbio.people import Draws, read_people
from phasemix.tasks.task import SourceSeeds, Task
from phasemix.tasks.tuples.compact_tuples import CompactTuples

VALIDATION_TUPLES = 512  # of an epoch, at most


class TuplesTask(Task):
    """Tuples of invented people, everybody's shown once an epoch."""

    @classmethod
    def write_tokens(cls, corpus: Path, tokenizer: Tokenizer, folder: Path) -> list[str]:  # noqa: ARG003 (others need them)
        """Write nothing but the checksums."""
        folder.mkdir(parents=True, exist_ok=True)
        write_checksums(checksums_of(folder), [])
        return []

    @cached_property
    def tuples(self) -> CompactTuples:
        """Those of the people."""
        return CompactTuples(read_people(self.corpus / "people.parquet"))

    def stream(self, seeds: SourceSeeds) -> Exposures:
        """Exposures, epoch after epoch."""
        seed = seeds("tuples")
        return Exposures(self, EqualOrder(len(self.tuples), seed), seed)

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """See :meth:`phasemix.corpora.exposures.Texts.draw`."""
        return self.tuples.draw(n, rng)

    def encode(self, persons: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""
        return self.tokenizer.encode_flat(self.tuples.render(persons, draws))

    def heldout(self, tokens: int) -> np.ndarray:
        """Tuples of the same people in exposures that no run has; shape (tokens + 1,)."""
        rng, found = generator("validation tuples"), [np.zeros(0, dtype=np.int64)]
        while sum(map(len, found)) <= tokens:
            persons = rng.permutation(len(self.tuples))[:VALIDATION_TUPLES]
            found.append(self.encode(persons, self.draw(len(persons), rng))[0])
        return np.concatenate(found)[: tokens + 1]


TASK = TuplesTask
