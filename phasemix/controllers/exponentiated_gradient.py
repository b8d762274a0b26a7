"""Exponentiated gradient: proportions that grow where losses lag behind their start.

p_i ← p_i · exp(η · l_i), l_i = L_i / L_i(0), renormalised and mixed with a uniform part of ε: the update of DoReMi
(arXiv 2305.10429, algorithm 1) with each source's own first loss in place of a reference model.
"""

from collections.abc import Mapping
from typing import Any

from phasemix.controllers._multiplicative import multiplied
from phasemix.controllers.controller import Controller, Seen


class ExponentiatedGradient(Controller):
    """Exponentiated gradient with step size ``rate`` (η) and a uniform part ``smoothing`` (ε)."""

    def __init__(self, rate: float = 1.0, smoothing: float = 1e-3) -> None:
        self._rate = rate
        self._smoothing = smoothing
        self._first: dict[str, float] = {}

    def proportions(self, seen: Seen) -> dict[str, float]:
        """The next proportions; the first time, the losses are taken as the start."""
        self._first = self._first or dict(seen.losses)
        lag = {name: self._rate * loss / self._first[name] for name, loss in seen.losses.items()}
        return multiplied(seen.proportions, lag, self._smoothing)

    @property
    def state(self) -> dict[str, Any]:
        """The losses at the start."""
        return {"first": self._first}

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._first = dict(state["first"])


CONTROLLER = ExponentiatedGradient
