"""WikiBio's compact tuples as training and evaluation need them."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from phasemix.corpora.exposures import Exposures
from phasemix.tasks.made_on_the_way import MadeOnTheWay
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.tasks.task import SourceSeeds
from phasemix.tasks.wikibio.biographies import Person, read_people
from phasemix.tasks.wikibio_tuples.compact_tuples import EITHER, written

VALIDATION_TUPLES = 512  # of an epoch, at most


class Draws(NamedTuple):
    """What chance decides about n tuples: whether the occupation comes first, bool of shape (n,)."""

    occupation_first: np.ndarray


class TuplesTask(MadeOnTheWay):
    """Everybody's tuple is shown once an epoch, the order of birth date and occupation flipped at random."""

    validation = "validation tuples"

    @cached_property
    def people(self) -> list[Person]:
        """Everybody."""
        return read_people(self.corpus / "people.parquet")

    def stream(self, seeds: SourceSeeds) -> Exposures:
        """Exposures, epoch after epoch."""
        seed = seeds("tuples")
        return Exposures(self, EqualOrder(len(self.people), seed), seed)

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """See :meth:`phasemix.corpora.exposures.Texts.draw`."""
        return Draws(rng.random(n) < EITHER)

    def encode(self, subjects: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""
        return self.tokenizer.encode_flat(written([self.people[i] for i in subjects], draws.occupation_first))

    def draw_validation(self, rng: np.random.Generator) -> tuple[np.ndarray, Draws]:
        """Tuples of the same people."""
        persons = rng.permutation(len(self.people))[:VALIDATION_TUPLES]
        return persons, self.draw(len(persons), rng)


TASK = TuplesTask
