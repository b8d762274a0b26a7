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
        "accuracy.csv",
        "critical.csv",
        "a_table_1.csv",
        "a_table_2.csv",
    )

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and where accuracy is critical."""
        return super().options | {"critical_accuracy": self.critical_accuracy}

    def problems(self, config: Config) -> Iterator[Problem]:
        """Horizons, which are another kind of experiment."""
        yield from super().problems(config)
        if self.horizons:
            yield ("horizons",), "are for experiments of kind horizons"
