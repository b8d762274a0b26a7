"""Skill-It: proportions by what a source helps, and how much there is to learn (arXiv 2307.14430).

Algorithm 1: p_i ∝ exp(η·Σ_j A_ij·Σ_τ L_j(τ)), τ being the last ``window`` times that losses were measured, and at the
start p_i ∝ exp(η·Σ_j A_ij). A_ij, the graph, says how much training on i helps j; it is learned before, from runs on
every source alone (:mod:`phasemix.mixers.skill_it`).
"""

from collections.abc import Mapping
from typing import Any

from phasemix.controllers._multiplicative import equal, multiplied
from phasemix.controllers.controller import Controller, Graph, Seen


class SkillIt(Controller):
    """Skill-It with step size ``rate`` (η), the losses of the last ``window`` times, and its ``graph``."""

    needs_graph = True

    def __init__(self, graph: Graph, rate: float = 0.2, window: float = 3) -> None:
        if window < 1 or window != int(window):
            raise ValueError(f"window must be a whole number of 1 or more, not {window:g}")
        self._graph = graph
        self._rate = rate
        self._window = int(window)
        self._losses: list[dict[str, float]] | None = None

    def proportions(self, seen: Seen) -> dict[str, float]:
        """The next proportions; the first time by the graph alone."""
        if self._losses is None:
            self._losses = []
            to_learn = dict.fromkeys(seen.proportions, 1.0)
        else:
            self._losses = [*self._losses, dict(seen.losses)][-self._window :]
            to_learn = {name: sum(losses[name] for losses in self._losses) for name in seen.proportions}
        exponents = {
            name: self._rate * sum(self._graph[name][other] * much for other, much in to_learn.items())
            for name in seen.proportions
        }
        return multiplied(equal(seen.proportions), exponents)

    @property
    def state(self) -> dict[str, Any]:
        """The losses of the last times; None before the first."""
        return {"losses": self._losses}

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        losses = state["losses"]
        self._losses = None if losses is None else [dict(one) for one in losses]


CONTROLLER = SkillIt
