"""Problems with worked answers (paper A, A-Fig 5 and 12)."""

from typing import NamedTuple, Protocol

import numpy as np


class Problem(NamedTuple):
    """A problem in words.

    Attributes:
        question: what is asked; a worked answer follows after a space.
        working: the steps, up to the final answer.
        answer: the final answer, such as a fraction.
    """

    question: str
    working: str
    answer: str

    @property
    def worked(self) -> str:
        """The worked answer, as it follows the question."""
        return f" {self.working} {self.answer}."

    @property
    def text(self) -> str:
        """The question and its worked answer."""
        return self.question + self.worked


class Problems(Protocol):
    """A kind of problems, each told by some whole numbers."""

    @property
    def space(self) -> float:
        """How many problems there are that differ in more than the order they are told in."""

    @property
    def wordings(self) -> int:
        """In how many ways a problem is asked."""

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Problems at random, each as likely as any other: their numbers, int64 of shape (n, k)."""

    def in_one_order(self, numbers: np.ndarray) -> np.ndarray:
        """The same problems told in one order, both of shape (n, k): two that differ in order only become the same."""

    def write(self, numbers: np.ndarray, wording: int) -> Problem:
        """The problem of some numbers, shape (k,), in one of the wordings."""

    def final_answer(self, text: str) -> str | None:
        """The final answer that a worked answer comes to; None if it comes to none."""
