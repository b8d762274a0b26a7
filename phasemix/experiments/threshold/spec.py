"""The configuration of a study of the threshold frequency (A-Fig 7a, 7b)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from phasemix.experiments.experiment import Problem
from phasemix.experiments.grid import GridOfRatios

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(GridOfRatios):
    """A study of the threshold frequency: the dense source's people stand in groups of different frequency.

    Its cells have two ratios. Those at 0 see the base alone and give the law of its loss; those at the other give the
    threshold frequencies.

    Attributes:
        threshold_accuracy: a group whose accuracy is below this is not learned.
    """

    kind: Literal["threshold"]
    threshold_accuracy: float = Field(default=0.8, gt=0, lt=1)
    tables: ClassVar[tuple[str, ...]] = ("groups.csv", "answers.csv", "thresholds.csv", "web.csv", "fits.json")

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and below which accuracy a group is not learned."""
        return super().options | {"threshold_accuracy": self.threshold_accuracy}

    def problems(self, config: Config) -> Iterator[Problem]:
        """A dense source without groups; several ratios above 0, or none; several horizons."""
        yield from super().problems(config)
        source = config.sources.get(self.dense)
        if source is not None and getattr(source, "groups", None) is None:
            yield (
                ("dense",),
                f"has no groups of different frequency: give sources.{self.dense} a section groups, or choose another",
            )
        if len({ratio for block in self.grid for ratio in block.ratios if ratio > 0}) != 1:
            yield ("grid",), "must have one ratio above 0, at which thresholds are measured; 0 is for the base alone"
        for b, block in enumerate(self.grid):
            if block.tokens:
                yield ("grid", b, "tokens"), "must be left out: all cells are trained for the recipe's tokens"
