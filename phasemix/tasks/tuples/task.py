"""Compact tuples as training and evaluation need them."""

from functools import cached_property

import numpy as np

from phasemix.corpora.exposures import Exposures
from phasemix.tasks.made_on_the_way import MadeOnTheWay
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.tasks.synbio.people import Draws, read_people
from phasemix.tasks.task import SourceSeeds
from phasemix.tasks.tuples.compact_tuples import CompactTuples

VALIDATION_TUPLES = 512  # of an epoch, at most


class TuplesTask(MadeOnTheWay):
    """Tuples of invented people, everybody's shown once an epoch."""

    validation = "validation tuples"

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

    def encode(self, subjects: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""
        return self.tokenizer.encode_flat(self.tuples.render(subjects, draws))

    def draw_validation(self, rng: np.random.Generator) -> tuple[np.ndarray, Draws]:
        """Tuples of the same people in exposures that no run has."""
        persons = rng.permutation(len(self.tuples))[:VALIDATION_TUPLES]
        return persons, self.draw(len(persons), rng)


TASK = TuplesTask
