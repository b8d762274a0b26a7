"""The configuration of a study of continual training on facts (A-Fig 8b, 8c, 14b and c)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from phasemix.experiments.experiment import Problem
from phasemix.experiments.strategy_grid import StrategyGrid

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(StrategyGrid):
    """Cells that go on from ``start`` at a constant rate, and stop early where the loss on ``base`` rises too far."""

    kind: Literal["continual"]
    tables: ClassVar[tuple[str, ...]] = ("strategies.csv", "means.csv")

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and by how much its loss may rise."""
        stopping = self.recipe.early_stopping
        return self.model_dump(mode="json", include={"dense", "tuples", "base"}) | {
            "rise": stopping.rise if stopping else None
        }

    def problems(self, config: Config) -> Iterator[Problem]:
        """What is wrong with the grid, and training that begins with nothing, cools down, or never stops early."""
        yield from super().problems(config)
        if self.recipe.schedule != "constant":
            yield ("recipe", "schedule"), "must be constant, as training stops before its last step"
        if self.start is None:
            yield ("start",), "must be given: the weights that training goes on with"
        stopping = self.recipe.early_stopping
        if stopping is None or stopping.source != self.base:
            yield (
                ("recipe", "early_stopping"),
                f"must be given, with the source {self.base}: {{ source: {self.base}, rise: 0.05 }}",
            )
