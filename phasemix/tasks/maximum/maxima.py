"""The maximum of N whole numbers: N comparisons, of which the worked answer says the largest number so far."""

import re
from math import comb

import numpy as np

from phasemix.tasks.problems.problem import Problem

QUESTIONS = (
    "Question: What is the maximum of {}? Answer:",
    "Question: Which is the largest of {}? Answer:",
    "Question: Find the largest number among {}. Answer:",
    "Question: Of the numbers {}, which is the greatest? Answer:",
)
WORKING = "The largest so far is {}, so the maximum is"
ANSWER = re.compile(r"so the maximum is (\d+)\.")


class Maxima:
    """All lists of ``count`` whole numbers from 0 to below ``numbers``."""

    wordings = len(QUESTIONS)

    def __init__(self, numbers: int, count: int) -> None:
        self._numbers, self._count = numbers, count

    @property
    def space(self) -> float:
        """The lists in ascending order, C(n + N − 1, N); of paper A's, 2.0e29."""
        return float(comb(self._numbers + self._count - 1, self._count))

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """The numbers of every list, shape (n, N)."""
        return rng.integers(self._numbers, size=(n, self._count))

    def in_one_order(self, numbers: np.ndarray) -> np.ndarray:
        """The smallest number first."""
        return np.sort(numbers, axis=1)

    def write(self, numbers: np.ndarray, wording: int) -> Problem:
        """See :meth:`phasemix.tasks.problems.problem.Problems.write`."""
        told, largest = (", ".join(map(str, each.tolist())) for each in (numbers, np.maximum.accumulate(numbers)))
        return Problem(QUESTIONS[wording].format(told), WORKING.format(largest), str(numbers.max()))

    def final_answer(self, text: str) -> str | None:
        """The first maximum that a worked answer states."""
        found = ANSWER.search(text)
        return found[1] if found else None
