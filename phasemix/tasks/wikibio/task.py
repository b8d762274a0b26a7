"""WikiBio as training and evaluation need it (paper A, section 6 and appendix E.7)."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from phasemix.corpora.exposures import Exposures
from phasemix.corpora.tokens import TrainingDocuments
from phasemix.evaluation.questions import Question, sample_subjects
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.task import SourceSeeds, Task
from phasemix.tasks.wikibio.biographies import Person, read_people
from phasemix.tasks.wikibio.birth_dates import month_and_year

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
    def _texts(self) -> np.ndarray:
        """How many texts of each person may be shown, shape (people,)."""
        return np.array([person.texts for person in self.people])

    @cached_property
    def _documents(self) -> TrainingDocuments:
        return TrainingDocuments(self.tokens)

    def stream(self, seeds: SourceSeeds) -> Exposures:
        """Exposures, epoch after epoch."""
        seed = seeds("biographies")
        return Exposures(self, EqualOrder(shown_people(len(self.people), self.options["subsampling"]), seed), seed)

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """See :meth:`phasemix.corpora.exposures.Texts.draw`."""
        return Draws(rng.random(n))

    def encode(self, subjects: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""
        first = np.cumsum(self._texts) - self._texts
        return self._documents.read(first[subjects] + (draws.version * self._texts[subjects]).astype(np.int64))

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
