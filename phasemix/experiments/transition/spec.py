"""The configuration of a transition study (A-Fig 1, 2, 10; A-Tables 1, 2): accuracy over sizes and mixing ratios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from phasemix.experiments.experiment import Problem
from phasemix.experiments.grid import GridOfRatios

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(GridOfRatios):
    """A transition study; a ratio or a size is critical where accuracy crosses ``critical_accuracy``."""

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

    def problems(self, config: Config) -> Iterator[Problem]:
        """No cell of the study's own horizon."""
        yield from super().problems(config)
        if all(block.tokens and self.recipe.tokens not in block.tokens for block in self.grid):
            yield ("recipe", "tokens"), "is the study's own horizon: a block of the grid must have it among its tokens"
