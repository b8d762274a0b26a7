"""SynBio as training and evaluation need it.

Its tokens folder holds the pieces that biographies are spliced of (:mod:`phasemix.tasks.synbio.pieces`).
"""

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from phasemix.base.seeds import generator
from phasemix.corpora.exposures import Exposures, Order
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.evaluation.questions import Question, sample_subjects
from phasemix.tasks.synbio.groups import Groups
from phasemix.tasks.synbio.orders import EqualOrder, GroupedOrder
from phasemix.tasks.synbio.people import SynBio, read_people
from phasemix.tasks.synbio.pieces import Biographies, write_pieces
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.synbio.templates import ATTRIBUTES
from phasemix.tasks.synbio.values import Values
from phasemix.tasks.task import SourceSeeds, Task

VALIDATION_BIOGRAPHIES = 512  # of an epoch, at most


class SynBioTask(Task):
    """Biographies of invented people, shown over and over; everything that they say can be asked."""

    @classmethod
    def write_tokens(cls, corpus: Path, tokenizer: Tokenizer, folder: Path) -> list[str]:
        """Tokenise the pieces of biographies, and prove that these can be spliced of them."""
        found = write_pieces(read_people(corpus / "people.parquet"), tokenizer, folder)
        if found["exact"]:
            return []
        return [f"this tokenizer joins pieces of {found['differs']!r}: biographies are tokenised on the way, slowly"]

    @cached_property
    def synbio(self) -> SynBio:
        """The people."""
        return SynBio(read_people(self.corpus / "people.parquet"), self.options["heldout_templates"])

    @property
    def shown(self) -> int:
        """How many people are shown, the first ones."""
        return shown_people(len(self.synbio), self.options["subsampling"])

    def stream(self, seeds: SourceSeeds) -> Exposures:
        """Exposures, epoch after epoch; by group, if the people stand in groups."""
        seed = seeds("mixture")
        order: Order = EqualOrder(self.shown, seed)
        if self.options["groups"] is not None:
            order = GroupedOrder(self.shown, Groups(**self.options["groups"]).proportions, seed)
        return Exposures(Biographies(self.tokens, self.synbio, self.tokenizer), order, seed)

    def heldout(self, tokens: int) -> np.ndarray:
        """Biographies of the people who are shown, in exposures that no run has; shape (tokens + 1,)."""
        found: list[int] = []
        epoch = 0
        while len(found) <= tokens:
            rng = generator("validation biographies", epoch)
            persons = rng.permutation(self.shown)[:VALIDATION_BIOGRAPHIES]
            for ids in self.tokenizer.encode_documents(self.synbio.biographies(persons, rng)):
                found.extend(ids)
            epoch += 1
        return np.array(found[: tokens + 1])

    def questions(self, subjects: int | None) -> Sequence[Question]:
        """Every attribute of the people asked about, by every template."""
        return self.synbio.questions(sample_subjects(len(self.synbio), subjects))

    @property
    def subjects(self) -> int:
        """The people."""
        return len(self.synbio)

    @property
    def entropies(self) -> dict[str, float]:
        """Of attributes, which are drawn evenly from their values."""
        values = Values(**self.options["values"])
        return {attribute: math.log2(len(values.of(attribute))) for attribute in ATTRIBUTES}


TASK = SynBioTask
