"""Problems with worked answers as training and evaluation need them."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from phasemix.base.seeds import generator
from phasemix.corpora.exposures import EXPOSURES_PER_DRAW, Exposures
from phasemix.evaluation.questions import Question, sample_subjects
from phasemix.tasks.made_on_the_way import MadeOnTheWay
from phasemix.tasks.problems.corpus import read_heldout
from phasemix.tasks.problems.problem import Problems
from phasemix.tasks.task import SourceSeeds

GUESSES = 20_000  # problems among which the most common answer is looked for


class Draws(NamedTuple):
    """What chance decides about n problems: their ``numbers``, shape (n, k), and ``wordings``, shape (n,)."""

    numbers: np.ndarray
    wordings: np.ndarray


class FreshOrder:
    """Every exposure is a problem drawn anew; an epoch is as many as there are problems that are not held out."""

    def __init__(self, problems: float) -> None:
        self.subjects = problems

    def draw(self, first: int) -> tuple[np.ndarray, int, tuple[str | int, ...]]:
        """See :meth:`phasemix.corpora.exposures.Order.draw`."""
        number, skip = divmod(first, EXPOSURES_PER_DRAW)
        return np.arange(EXPOSURES_PER_DRAW), skip, ("problems", number)


class ProblemTask(MadeOnTheWay):
    """Problems of one kind; those held out are asked, each once, and the final answer counts."""

    validation = "validation problems"

    @property
    @abstractmethod
    def problems(self) -> Problems:
        """The kind of problems, by the options."""

    @cached_property
    def heldout_numbers(self) -> np.ndarray:
        """Of the problems that training never shows, shape (problems, k)."""
        return read_heldout(self.corpus)

    @cached_property
    def _never_shown(self) -> frozenset[bytes]:
        return frozenset(same.tobytes() for same in self.problems.in_one_order(self.heldout_numbers))

    def stream(self, seeds: SourceSeeds) -> Exposures:
        """Problems, each drawn anew."""
        return Exposures(self, FreshOrder(self.problems.space - self.subjects), seeds("problems"))

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Problems at random, none of them held out, nor one that differs from these in its order only."""
        kept: list[np.ndarray] = []
        while len(kept) < n:
            drawn = self.problems.draw(n - len(kept), rng)
            pairs = zip(drawn, self.problems.in_one_order(drawn), strict=True)
            kept += [numbers for numbers, same in pairs if same.tobytes() not in self._never_shown]
        return Draws(np.stack(kept), rng.integers(self.problems.wordings, size=n))

    def encode(self, subjects: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:  # noqa: ARG002 (others need them)
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""
        pairs = zip(draws.numbers, draws.wordings.tolist(), strict=True)
        return self.tokenizer.encode_flat([self.problems.write(*pair).text for pair in pairs])

    def draw_validation(self, rng: np.random.Generator) -> tuple[np.ndarray, Draws]:
        """The problems that are held out."""
        numbers = self.heldout_numbers
        return np.arange(len(numbers)), Draws(numbers, rng.integers(self.problems.wordings, size=len(numbers)))

    def questions(self, subjects: int | None) -> Sequence[Question]:
        """The problems that are held out, each in one wording."""
        numbers = self.heldout_numbers
        wordings = generator("wordings of questions").integers(self.problems.wordings, size=len(numbers))
        found = []
        for subject in sample_subjects(len(numbers), subjects).tolist():
            problem = self.problems.write(numbers[subject], int(wordings[subject]))
            found.append(
                Question(problem.question, problem.worked, subject, "", int(wordings[subject]), True, problem.answer)
            )
        return found

    @property
    def subjects(self) -> int:
        """The problems that are held out."""
        return len(self.heldout_numbers)

    @cached_property
    def guesses(self) -> dict[str, str]:
        """The final answer that most of some problems drawn at random have."""
        drawn = self.problems.draw(GUESSES, generator("guesses of problems"))
        answers = Counter(self.problems.write(numbers, wording=0).answer for numbers in drawn)
        return {"": answers.most_common(1)[0][0]}

    def final_answer(self, text: str) -> str | None:
        """The final answer that a worked answer comes to; None if it comes to none."""
        return self.problems.final_answer(text)
