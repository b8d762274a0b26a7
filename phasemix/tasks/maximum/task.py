"""Maxima as training and evaluation need them."""

from phasemix.tasks.maximum.maxima import Maxima
from phasemix.tasks.problems.task import ProblemTask


class MaximumTask(ProblemTask):
    """The maximum of N numbers."""

    @property
    def problems(self) -> Maxima:
        """By the range of numbers and N."""
        return Maxima(self.options["numbers"], self.options["count"])


TASK = MaximumTask
