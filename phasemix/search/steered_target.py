"""What ADO and Aioli share: a controller that steers the target's own run, and no run before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from phasemix.search.mixer import Choice, Mixer, Steer

if TYPE_CHECKING:
    import numpy as np

    from phasemix.fitting.runs import Runs
    from phasemix.search.problem import Problem


class SteeredTarget(Mixer):
    """The target's run begins with equal proportions; the controller ``steers``, with the mixer's options, goes on."""

    needs = "a trainer that can change the mixture of the target's run, and its losses"
    steers: ClassVar[str]

    def __init__(self, **options: float) -> None:
        self._steer = Steer(self.steers, options)

    def first(self, problem: Problem) -> np.ndarray:
        """The proportions that it begins with, shape (k,)."""
        return problem.domains.equal

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """The first proportions, then what the controller finds."""
        return Choice.constant(self.first(problem), steering=self._steer)
