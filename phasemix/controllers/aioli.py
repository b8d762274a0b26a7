"""Aioli: proportions by how sources are measured to help each other, again and again (arXiv 2411.05735).

Every round begins with LearnParams (algorithm 2): for every source j a while of a mixture P_j that holds much of j and
the others equally, and by how much every loss i fell meanwhile, β_ij. Row i of A solves Σ_m P_jm·A_im = β_ij. A is made
0 or more by its least entry and divided by its sum; then p_j ← p_j·exp(η·Σ_i A_ij) / Σ (algorithm 1), which is kept
for the rest of the round. Where Aioli draws an order of the sources at random, they take turns here in being first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from phasemix.controllers._multiplicative import equal, multiplied
from phasemix.controllers.controller import Controller, Seen


class Aioli(Controller):
    """Aioli with step size ``rate`` (η), ``much`` of a source in its own mixture, ``sweeps`` over all sources a round.

    Of a round, ``used`` times that it is asked are for the mixture that it found. ``memory`` is the weight of earlier
    rounds in A; with it, p is begun anew from equal proportions in every round, as Aioli's code does.
    """

    def __init__(
        self, rate: float = 1.0, much: float = 0.75, sweeps: float = 1, used: float = 8, memory: float = 0.0
    ) -> None:
        if not 0 < much <= 1:
            raise ValueError(f"much must be more than 0 and at most 1, not {much:g}")
        for name, count in (("sweeps", sweeps), ("used", used)):
            if count < 1 or count != int(count):
                raise ValueError(f"{name} must be a whole number of 1 or more, not {count:g}")
        self._rate = rate
        self._much = much
        self._sweeps = int(sweeps)
        self._used = int(used)
        self._memory = memory
        self._asked = 0
        self._chosen: dict[str, float] | None = None
        self._before: list[float] = []  # losses when the mixture that is tried began
        self._falls: list[list[float]] = []  # β of this round so far, by loss and source
        self._remembered: list[list[float]] | None = None  # A of earlier rounds

    def proportions(self, seen: Seen) -> dict[str, float]:
        """The next mixture to try, or the one that the round has found."""
        names, tried = list(seen.proportions), self._sweeps * len(seen.proportions)
        round_, place = divmod(self._asked, tried + self._used)
        self._asked += 1
        if place > tried:
            return dict(seen.proportions)
        losses = [seen.losses[name] for name in names]
        if place == 0:
            self._falls = [[0.0] * len(names) for _ in names]
        else:
            last = (round_ + place - 1) % len(names)
            for i, (before, now) in enumerate(zip(self._before, losses, strict=True)):
                self._falls[i][last] += (before - now) / self._sweeps
        self._before = losses
        if place < tried:
            own = (round_ + place) % len(names)
            return dict(zip(names, trial_mixtures(len(names), self._much)[own].tolist(), strict=True))
        return self._choose(seen)

    def _choose(self, seen: Seen) -> dict[str, float]:
        """The mixture of this round, from what was tried."""
        helps = interactions(self._falls, self._much)
        if self._memory and self._remembered is not None:
            helps = (1 - self._memory) * helps + self._memory * np.array(self._remembered)
        self._remembered = helps.tolist() if self._memory else None
        start = self._chosen if self._chosen and not self._memory else equal(seen.proportions)
        exponents = dict(zip(start, (self._rate * helps.sum(axis=0)).tolist(), strict=True))
        self._chosen = multiplied(start, exponents)
        return dict(self._chosen)

    @property
    def state(self) -> dict[str, Any]:
        """Where it is in a round, what was tried, what it chose."""
        return {
            "asked": self._asked,
            "chosen": self._chosen,
            "before": self._before,
            "falls": self._falls,
            "remembered": self._remembered,
        }

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._asked = state["asked"]
        self._chosen = state["chosen"]
        self._before = list(state["before"])
        self._falls = [list(row) for row in state["falls"]]
        self._remembered = state["remembered"]


def trial_mixtures(count: int, much: float) -> np.ndarray:
    """P: in row j ``much`` of source j and the others equally, shape (count, count)."""
    if count == 1:
        return np.ones((1, 1))
    return np.full((count, count), (1 - much) / (count - 1)) + np.eye(count) * (much - (1 - much) / (count - 1))


def interactions(falls: Sequence[Sequence[float]], much: float) -> np.ndarray:
    """A, made 0 or more and divided by its sum, of falls β of the losses (rows) on the trial mixtures (columns).

    Shape (k, k); ``much`` must not be 1 / k, where all trial mixtures are the same.
    """
    mixtures = trial_mixtures(len(falls), much)
    found = np.linalg.solve(mixtures, np.array(falls, dtype=float).T).T
    found = found - min(found.min(), 0.0)
    total = found.sum()
    return found / total if total > 0 else found


CONTROLLER = Aioli
