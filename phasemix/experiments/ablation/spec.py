"""The configuration of an ablation: the same ratios with other batch sizes, learning rates and schedules (A-Fig 11).

Every ratio is trained until a fact has been shown as often as at the others (paper A, D.2), so that what is compared at
different ratios is how often a fact is shown per token or per step, and not how often in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell import Schedule
from phasemix.study.cell_key import CellKey, Value, unique
from phasemix.study.mixture import MixtureSpec, mixed_at

if TYPE_CHECKING:
    from phasemix.study.config import Config

TITLES = {"batch_size": "batch size", "peak_learning_rate": "peak learning rate", "schedule": "schedule"}
"""The parts of the recipe that are varied, one at a time, and what people call them."""
AXES = tuple(TITLES)


class Varied(Schema):
    """Other values of parts of the recipe; every one is tried with the rest of the recipe as it is.

    Attributes:
        batch_size: rows of a step.
        peak_learning_rate: of the schedule.
        schedule: of the learning rate.
    """

    batch_size: list[PositiveInt] = Field(default_factory=list)
    peak_learning_rate: list[PositiveFloat] = Field(default_factory=list)
    schedule: list[Schedule] = Field(default_factory=list)


class Spec(Training):
    """One size at some ratios, with the recipe and with variants of it.

    Attributes:
        dense: the source of which a fraction r of all tokens comes.
        base: the source of the others.
        size: the name of the model.
        ratios: around the critical one, smallest first; the recipe's tokens are those of the first, and as many less at
            others as the ratio is larger. In steps of 2, with batch sizes in steps of 2, frequency per token is told
            from frequency per step.
        seeds: of every cell.
        varied: the variants.
    """

    kind: Literal["ablation"]
    dense: str
    base: str
    size: str
    ratios: list[float] = Field(min_length=2)
    seeds: list[NonNegativeInt] = Field(min_length=1)
    varied: Varied
    tables: ClassVar[tuple[str, ...]] = ("ablation.csv", "means.csv", "frequency.csv")

    @cached_property
    def cells(self) -> list[CellKey]:
        """The recipe at all ratios, then its variants, each once."""
        usual = {axis: getattr(self.recipe, axis) for axis in AXES}
        variants = [usual, *(usual | {axis: value} for axis in AXES for value in getattr(self.varied, axis))]
        return unique(
            CellKey.of(size=self.size, ratio=ratio, **variant, seed=seed)
            for variant in variants
            for ratio in self.ratios
            for seed in self.seeds
        )

    def recipe_changes(self, key: CellKey) -> tuple[tuple[str, Value], ...]:
        """The variant, and as many tokens as show a fact as often at every ratio."""
        tokens = round(self.recipe.tokens * self.ratios[0] / float(key.values["ratio"]))
        return (*super().recipe_changes(key), ("tokens", tokens))

    @property
    def sources(self) -> list[str]:
        """The dense source and the base."""
        return [self.dense, self.base]

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and the recipe that is varied."""
        usual = {axis: getattr(self.recipe, axis) for axis in AXES}
        return {"dense": self.dense, "base": self.base, "usual": usual}

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio of the dense source."""
        return mixed_at(float(key.values["ratio"]), self.dense, self.base)

    def problems(self, config: Config) -> Iterator[Problem]:
        """Ratios that are none, a size that is not there, and variants that are none."""
        if self.dense == self.base:
            yield ("base",), "is the dense source itself"
        if self.size not in config.models:
            yield ("size",), config.no_name(self.size, "models")
        for i, ratio in enumerate(self.ratios):
            if not 0 < ratio <= 1:
                yield ("ratios", i), "must be above 0 and at most 1"
        if self.ratios != sorted(self.ratios):
            yield ("ratios",), "must rise, as the recipe's tokens are those of the first"
        if not any(getattr(self.varied, axis) for axis in AXES):
            yield ("varied",), f"names nothing to vary: give other values of {', '.join(AXES)}"
        for axis in AXES:
            for i, value in enumerate(getattr(self.varied, axis)):
                if value == getattr(self.recipe, axis):
                    yield ("varied", axis, i), "is the recipe's own: give another"
