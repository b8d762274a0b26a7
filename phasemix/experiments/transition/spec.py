"""The configuration of a transition study (A-Fig 1, 2, 10; A-Tables 1, 2): accuracy over sizes and mixing ratios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from phasemix.experiments.experiment import Problem
from phasemix.experiments.grid import GridOfRatios
from phasemix.study.cell_key import HORIZON

if TYPE_CHECKING:
    from phasemix.study.config import Config

ALONG = {"a_fig_1": "size", "a_fig_2": "ratio", "a_fig_4": HORIZON, "a_fig_10": "ratio", "phase_diagram": "size"}
"""The axis along which a figure is drawn."""


class Spec(GridOfRatios):
    """A transition study.

    Attributes:
        critical_accuracy: a ratio or a size is critical where accuracy crosses this.
    """

    kind: Literal["transition"]
    critical_accuracy: float = Field(default=0.4, gt=0, lt=1)
    tables: ClassVar[tuple[str, ...]] = (
        "transition.csv",
        "people.parquet",
        "growth.csv",
        "exposures.csv",
        "accuracy.csv",
        "known.csv",
        "critical.csv",
        "shapes.csv",
        "ground.csv",
        "a_table_1.csv",
        "a_table_2.csv",
    )

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, the study's own horizon as it is trained, and where accuracy is critical."""
        tokens = self.recipe.steps * self.recipe.batch_tokens
        return super().options | {"tokens": tokens, "critical_accuracy": self.critical_accuracy}

    @property
    def figures(self) -> list[str]:
        """All of its kind's but those along an axis on which it has one value."""
        values = {axis: {key.values.get(axis) for key in self.cells} for axis in ALONG.values()}
        return [name for name in super().figures if name not in ALONG or len(values[ALONG[name]]) > 1]

    def problems(self, config: Config) -> Iterator[Problem]:
        """No cell of the study's own horizon."""
        yield from super().problems(config)
        if all(block.tokens and self.recipe.tokens not in block.tokens for block in self.grid):
            yield ("recipe", "tokens"), "is the study's own horizon: a block of the grid must have it among its tokens"
