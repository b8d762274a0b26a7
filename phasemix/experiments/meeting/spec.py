"""The configuration of the meeting of the two papers: facts as one of k domains, across their critical ratio."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from phasemix.experiments.experiment import Problem, Training
from phasemix.experiments.grid import Block
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.mixture import MixtureSpec

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(Training):
    """A fraction r of all tokens comes from ``dense``, and the domains share the rest equally.

    Attributes:
        dense: the source of facts.
        domains: sources of text.
        critical_accuracy: a ratio is critical where recall accuracy crosses this.
        grid: the union of its blocks; they have no horizons.
    """

    kind: Literal["meeting"]
    dense: str
    domains: list[str] = Field(min_length=1)
    critical_accuracy: float = Field(gt=0, lt=1)
    grid: list[Block] = Field(min_length=1)
    tables: ClassVar[tuple[str, ...]] = ("cells_with_facts.csv", "said.csv", "scores.csv", "critical.csv")

    @model_validator(mode="after")
    def _different_sources(self) -> Self:
        if len({self.dense, *self.domains}) <= len(self.domains):
            raise ValueError("domains name a source twice, or the dense one")
        return self

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once."""
        return unique(
            CellKey.of(size=size, ratio=ratio, seed=seed)
            for block in self.grid
            for size in block.sizes
            for ratio in block.ratios
            for seed in block.seeds
        )

    @property
    def sources(self) -> list[str]:
        """The facts, and the domains."""
        return [self.dense, *self.domains]

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and the level of critical ratios."""
        return self.model_dump(mode="json", include={"dense", "domains", "critical_accuracy"})

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio of facts, the rest shared equally."""
        ratio = float(key.values["ratio"])
        rest = dict.fromkeys(self.domains, (1 - ratio) / len(self.domains))
        return MixtureSpec.constant({self.dense: ratio, **rest})

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sizes and sources that are not there, ratios that are none, horizons."""
        if self.dense in config.sources and not config.sources[self.dense].subjects:
            yield ("dense",), "is no source of facts: nothing can be asked about it"
        for b, block in enumerate(self.grid):
            for i, size in enumerate(block.sizes):
                if size not in config.models:
                    yield ("grid", b, "sizes", i), config.no_name(size, "models")
            for i, ratio in enumerate(block.ratios):
                if not 0 < ratio < 1:
                    yield ("grid", b, "ratios", i), "must lie between 0 and 1"
            if block.tokens:
                yield ("grid", b, "tokens"), "is not for this kind of experiment; the recipe says how long runs are"
