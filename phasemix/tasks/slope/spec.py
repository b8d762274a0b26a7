"""The options of slopes as a source."""

from typing import Literal

from phasemix.tasks.problems.source import ProblemSource
from phasemix.tasks.slope.slopes import Slopes


class Spec(ProblemSource):
    """The slope of the line through two points (A-Fig 5; paper A: 100 numbers)."""

    task: Literal["slope"]

    @property
    def problems_asked(self) -> Slopes:
        """By the numbers of coordinates."""
        return Slopes(self.numbers)
