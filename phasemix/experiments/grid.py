"""A grid of sizes × mixing ratios × seeds of a dense source in a base: what several kinds train."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import Field, NonNegativeInt, PositiveInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell_key import HORIZON, CellKey, unique
from phasemix.study.mixture import MixtureSpec, mixed_at

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Block(Schema):
    """A full grid: every size at every ratio with every seed, trained for every number of tokens.

    Attributes:
        sizes: names of models.
        ratios: r, the fractions of all tokens that come from the dense source.
        seeds: of weights and of the order of the data.
        tokens: horizons, which share a trunk; none: the recipe's.
    """

    sizes: list[str] = Field(min_length=1)
    ratios: list[float] = Field(min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)
    tokens: list[PositiveInt] = Field(default_factory=list)


class GridOfRatios(Training):
    """Cells in which a fraction r of the tokens comes from one source and the rest from another.

    Attributes:
        dense: the source of which a fraction r of all tokens comes.
        base: the source of the others.
        grid: its cells are the union of these blocks; a cell in two of them is trained once.
    """

    dense: str
    base: str
    grid: list[Block] = Field(min_length=1)

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once, in the order of the blocks; with the axis ``tokens``, if any block has it."""
        horizons = any(block.tokens for block in self.grid)
        return unique(
            CellKey.of(size=size, ratio=ratio, seed=seed, **({HORIZON: tokens} if horizons else {}))
            for block in self.grid
            for size in block.sizes
            for ratio in block.ratios
            for seed in block.seeds
            for tokens in block.tokens or [self.recipe.tokens]
        )

    @property
    def sources(self) -> list[str]:
        """The dense source and the base."""
        return [self.dense, self.base]

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which."""
        return {"dense": self.dense, "base": self.base}

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio of the dense source."""
        return mixed_at(float(key.values["ratio"]), self.dense, self.base)

    def problems(self, config: Config) -> Iterator[Problem]:
        """Ratios that are none, and sizes that are not there."""
        if self.dense == self.base:
            yield ("base",), "is the dense source itself"
        for b, block in enumerate(self.grid):
            for i, size in enumerate(block.sizes):
                if size not in config.models:
                    yield ("grid", b, "sizes", i), config.no_name(size, "models")
            for i, ratio in enumerate(block.ratios):
                if not 0 <= ratio <= 1:
                    yield ("grid", b, "ratios", i), "must be from 0 to 1"
