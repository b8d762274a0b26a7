"""WikiBio as training and evaluation need it (paper A, section 6 and appendix E.7)."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from phasemix.corpora.exposures import Exposures
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import TrainingDocuments, heldout_ids, write_tokens
from phasemix.evaluation.questions import Question, sample_subjects
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.task import SourceSeeds, Task
from phasemix.tasks.wikibio.biographies import Person, read_people
from phasemix.tasks.wikibio.birth_dates import month_and_year

SMALL = 10_000  # tokens
PROMPT = "The {occupation} {name} was born on"


class Draws(NamedTuple):
    """What chance decides about n texts: which ``version`` of a person's is shown, in [0, 1), shape (n,)."""

    version: np.ndarray


class WikiBioTask(Task):
    """People are shown over and over, each time in one of their texts; asked is when they were born."""

    @cached_property
    def people(self) -> list[Person]:
        """Everybody; the first ones are shown."""
        return read_people(self.corpus / "people.parquet")

    @cached_property
    def _spans(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each person the first document, and how many may be shown, both of shape (people,)."""
        return np.array([one.first for one in self.people]), np.array([one.texts for one in self.people])

    @cached_property
    def _documents(self) -> TrainingDocuments:
        return TrainingDocuments(self.tokens)

    @classmethod
    def write_tokens(cls, corpus: Path, tokenizer: Tokenizer, folder: Path) -> list[str]:
        """Tokenise the texts."""
        if write_tokens(corpus / "documents.parquet", tokenizer, folder)["heldout_tokens"] < SMALL:
            return [f"fewer than {SMALL:,} tokens are held out: they are read again and again to measure their loss"]
        return []

    def heldout(self, tokens: int) -> np.ndarray:
        """The last text of everybody, again and again where that is shorter; shape (tokens + 1,)."""
        return np.resize(heldout_ids(self.tokens), tokens + 1)

    def stream(self, seeds: SourceSeeds) -> Exposures:
        """Exposures, epoch after epoch."""
        seed = seeds("biographies")
        return Exposures(self, EqualOrder(shown_people(len(self.people), self.options["subsampling"]), seed), seed)

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """See :meth:`phasemix.corpora.exposures.Texts.draw`."""
        return Draws(rng.random(n))

    def encode(self, subjects: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""
        first, texts = self._spans
        return self._documents.read(first[subjects] + (draws.version * texts[subjects]).astype(np.int64))

    def questions(self, subjects: int | None) -> Sequence[Question]:
        """When everybody was born; an answer is right if it tells the month and the year."""
        found = []
        for i in sample_subjects(len(self.people), subjects).tolist():
            one = self.people[i]
            prompt = PROMPT.format(occupation=one.occupation, name=one.name)
            final = month_and_year(one.birth_date) or ""
            found.append(Question(prompt, f" {one.birth_date}", i, "birth_date", 0, False, final))
        return found

    @property
    def subjects(self) -> int:
        """The people."""
        return len(self.people)

    def final_answer(self, text: str) -> str | None:
        """Month and year of the first date that an answer tells."""
        return month_and_year(text)


TASK = WikiBioTask
