"""The configuration of a study of the number of people: the transition in N, at fixed ratios, sizes and tokens.

Everybody is shown equally often, so the frequency of each is p ∝ r / N: the same knapsack as along r, from the side.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.mixture import MixtureSpec, mixed_at

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Block(Schema):
    """A full grid: every size with every number of people at every ratio with every seed.

    Attributes:
        sizes: names of models.
        people: numbers of people, each of which ``dense`` gives a source.
        ratios: r, the fractions of all tokens that are about them.
        seeds: of weights and of the order of the data.
    """

    sizes: list[str] = Field(min_length=1)
    people: list[PositiveInt] = Field(min_length=1)
    ratios: list[float] = Field(min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)


class Spec(Training):
    """Cells in which a fraction r of the tokens is about N people, and the rest comes from ``base``.

    Attributes:
        dense: from numbers of people to the sources that have so many.
        base: the source of the other tokens.
        critical_accuracy: a number of people or a ratio is critical where accuracy crosses it.
        grid: its cells are the union of these blocks; a cell in two of them is trained once.
    """

    kind: Literal["people"]
    dense: dict[PositiveInt, str] = Field(min_length=1)
    base: str
    critical_accuracy: float = Field(default=0.4, gt=0, lt=1)
    grid: list[Block] = Field(min_length=1)
    tables: ClassVar[tuple[str, ...]] = (
        "people.csv",
        "persons.parquet",
        "shares.csv",
        "critical_people.csv",
        "critical_ratios.csv",
        "shapes.csv",
    )

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once, in the order of the blocks."""
        return unique(
            CellKey.of(size=size, people=people, ratio=ratio, seed=seed)
            for block in self.grid
            for size in block.sizes
            for people in block.people
            for ratio in block.ratios
            for seed in block.seeds
        )

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, by numbers of people as text, and where accuracy is critical."""
        dense = {str(people): source for people, source in self.dense.items()}
        return {"dense": dense, "base": self.base, "critical_accuracy": self.critical_accuracy}

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio of the source that has its number of people."""
        return mixed_at(float(key.values["ratio"]), self.dense[int(key.values["people"])], self.base)

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sources that have other numbers of people, and sizes, numbers and ratios that are not there."""
        for people, source in self.dense.items():
            if source not in config.sources:
                yield ("dense", people), config.no_name(source, "sources")
            elif config.sources[source].subjects != people:
                yield ("dense", people), f"has {config.sources[source].subjects} people, not {people}"
        for b, block in enumerate(self.grid):
            for key, problem in self._block_problems(block, config):
                yield ("grid", b, *key), problem

    def _block_problems(self, block: Block, config: Config) -> Iterator[Problem]:
        for i, size in enumerate(block.sizes):
            if size not in config.models:
                yield ("sizes", i), config.no_name(size, "models")
        for i, people in enumerate(block.people):
            if people not in self.dense:
                known = ", ".join(map(str, self.dense))
                yield ("people", i), f"is a number that dense names no source for; it names {known}"
        for i, ratio in enumerate(block.ratios):
            if not 0 < ratio < 1:
                yield ("ratios", i), "must be above 0 and below 1"
