"""The options of maxima as a source."""

from typing import Literal

from pydantic import PositiveInt

from phasemix.tasks.maximum.maxima import Maxima
from phasemix.tasks.problems.source import ProblemSource


class Spec(ProblemSource):
    """The maximum of N numbers (A-Fig 12; paper A: N = 30, of 100 numbers).

    Attributes:
        count: N.
    """

    task: Literal["maximum"]
    count: PositiveInt

    @property
    def problems_asked(self) -> Maxima:
        """By the range of numbers and N."""
        return Maxima(self.numbers, self.count)
