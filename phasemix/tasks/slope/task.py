"""Slopes as training and evaluation need them."""

from phasemix.tasks.problems.task import ProblemTask
from phasemix.tasks.slope.slopes import Slopes


class SlopeTask(ProblemTask):
    """The slope of the line through two points."""

    @property
    def problems(self) -> Slopes:
        """By the numbers of coordinates."""
        return Slopes(self.options["numbers"])


TASK = SlopeTask
