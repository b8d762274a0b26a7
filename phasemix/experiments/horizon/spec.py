"""The configuration of a study of horizons (A-Fig 3): cells trained for different numbers of tokens, from trunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from phasemix.experiments.experiment import Problem
from phasemix.experiments.grid import GridOfRatios

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(GridOfRatios):
    """A study of horizons."""

    kind: Literal["horizon"]
    tables: ClassVar[tuple[str, ...]] = ("horizons.csv",)

    def problems(self, config: Config) -> Iterator[Problem]:
        """No horizons."""
        yield from super().problems(config)
        if not any(block.tokens for block in self.grid):
            yield ("grid", 0, "tokens"), "must be given: the horizons, tokens to train every cell for"
