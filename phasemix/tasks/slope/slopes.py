"""The slope of a line through two points with whole coordinates: two subtractions and a simplified fraction."""

import re
from fractions import Fraction

import numpy as np

from phasemix.tasks.problems.problem import Problem

QUESTIONS = (
    "Question: What is the slope of the line through ({}, {}) and ({}, {})? Answer:",
    "Question: A line passes through ({}, {}) and ({}, {}). What is its slope? Answer:",
    "Question: Find the slope of the line that joins ({}, {}) and ({}, {}). Answer:",
    "Question: The points ({}, {}) and ({}, {}) lie on a line. What is its slope? Answer:",
)
WORKING = "The rise is {y2} - {y1} = {rise}, the run is {x2} - {x1} = {run}, so the slope is"
ANSWER = re.compile(r"so the slope is (-?\d+(?:/\d+)?)\.")


class Slopes:
    """All pairs of points (x1, y1), (x2, y2) with x1 ≠ x2 and coordinates from 0 to below ``numbers``."""

    wordings = len(QUESTIONS)

    def __init__(self, numbers: int) -> None:
        self._numbers = numbers

    @property
    def space(self) -> float:
        """n³ (n − 1) / 2, as either point may come first; of paper A's 100 numbers, 4.95e7."""
        return float(self._numbers) ** 3 * (self._numbers - 1) / 2

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Their coordinates x1, y1, x2, y2, shape (n, 4)."""
        points = rng.integers(self._numbers, size=(n, 4))
        # x2 is drawn from the others: as many places further than x1, round about.
        points[:, 2] = (points[:, 0] + rng.integers(1, self._numbers, size=n)) % self._numbers
        return points

    def in_one_order(self, numbers: np.ndarray) -> np.ndarray:
        """The point with the smaller x first."""
        swapped = numbers[:, 0] > numbers[:, 2]
        return np.where(swapped[:, None], numbers[:, [2, 3, 0, 1]], numbers)

    def write(self, numbers: np.ndarray, wording: int) -> Problem:
        """See :meth:`phasemix.tasks.problems.problem.Problems.write`."""
        x1, y1, x2, y2 = numbers.tolist()
        rise, run = y2 - y1, x2 - x1
        working = WORKING.format(x1=x1, y1=y1, x2=x2, y2=y2, rise=rise, run=run)
        return Problem(QUESTIONS[wording].format(x1, y1, x2, y2), working, str(Fraction(rise, run)))

    def final_answer(self, text: str) -> str | None:
        """The first slope that a worked answer states, as it stands: only the simplified fraction is right."""
        found = ANSWER.search(text)
        return found[1] if found else None
