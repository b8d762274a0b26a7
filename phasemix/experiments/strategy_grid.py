"""The grid of studies that show fewer people, or say the same in compact tuples (A-Fig 8, 14, A-Table 3)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, NonNegativeInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell import Cell
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.mixture import MixtureSpec
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.theory.compact_mixing import dense_shares

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Block(Schema):
    """A full grid: every size at every ratio r, with every subsampling ρ and every CKM ratio τ, and every seed.

    Attributes:
        sizes: names of models.
        ratios: r, the fractions of all tokens that are about people.
        subsampling: ρ, the shares of the people who are shown.
        compact: τ, how many tokens of tuples there are for one of biographies.
        seeds: of weights and of the order of the data.
    """

    sizes: list[str] = Field(min_length=1)
    ratios: list[float] = Field(min_length=1)
    subsampling: list[Annotated[float, Field(gt=0, le=1)]] = Field(default=[1.0], min_length=1)
    compact: list[Annotated[float, Field(ge=0)]] = Field(default=[0.0], min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)


class StrategyGrid(Training):
    """Cells in which a fraction r of the tokens is about people, and the rest comes from ``base``.

    Attributes:
        dense: texts about the people, all shown; everybody is asked about, whoever is shown.
        tuples: compact tuples of the same people.
        base: the source of the other tokens.
        grid: its cells are the union of these blocks; a cell in two of them is trained once.
    """

    dense: str
    tuples: str
    base: str
    grid: list[Block] = Field(min_length=1)

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once, in the order of the blocks."""
        return unique(
            CellKey.of(size=size, ratio=ratio, subsampling=subsampling, compact=compact, seed=seed)
            for block in self.grid
            for size in block.sizes
            for ratio in block.ratios
            for subsampling in block.subsampling
            for compact in block.compact
            for seed in block.seeds
        )

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio, tuples among it."""
        ratio, compact = (float(key.values[axis]) for axis in ("ratio", "compact"))
        texts, tuples = dense_shares(compact)
        proportions = {self.dense: ratio * texts, self.base: 1 - ratio}
        return MixtureSpec.constant(proportions | ({self.tuples: ratio * tuples} if compact else {}))

    def cell(self, key: CellKey, config: Config) -> Cell:
        """The specification of a cell, with the share of people who are shown."""
        cell = super().cell(key, config)
        dense = cell.sources[self.dense] | {"subsampling": float(key.values["subsampling"])}
        return cell.model_copy(update={"sources": cell.sources | {self.dense: dense}})

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sources of other kinds or people, and sizes and ratios that are not there."""
        yield from self._source_problems(config)
        for field, what in (("dense", "dense source"), ("tuples", "source of tuples")):
            if self.base == getattr(self, field):
                yield ("base",), f"is the {what} itself"
        for b, block in enumerate(self.grid):
            for i, size in enumerate(block.sizes):
                if size not in config.models:
                    yield ("grid", b, "sizes", i), config.no_name(size, "models")
            if min(block.subsampling) < 1 and max(block.compact) > 0:
                yield (
                    ("grid", b, "compact"),
                    "stands beside subsampling: tuples show everybody; give each its own block",
                )
            if min(block.ratios) == 0 and (min(block.subsampling) < 1 or max(block.compact) > 0):
                yield ("grid", b, "ratios"), "holds 0 beside a strategy, where there is nothing to be shown"
            for i, ratio in enumerate(block.ratios):
                if not 0 <= ratio < 1:
                    yield ("grid", b, "ratios", i), "must be at least 0 and below 1"

    def _source_problems(self, config: Config) -> Iterator[Problem]:
        dense, tuples = config.sources.get(self.dense), config.sources.get(self.tuples)
        if dense is None:
            return
        if not dense.subsamples or dense.training["subsampling"] < 1:
            yield ("dense",), "must be of synbio or wikibio, with everybody shown equally often: cells leave people out"
            return
        if tuples is not None and (tuples.about is None or tuples.subjects):
            yield ("tuples",), "must be a task of compact tuples, tuples or wikibio_tuples"
        elif tuples is not None and dense.about != tuples.about:
            yield ("tuples",), f"is about other people than {self.dense}: give it the same people and values"
        for b, block in enumerate(self.grid):
            for i, share in enumerate(block.subsampling):
                if not shown_people(dense.subjects, share):
                    yield ("grid", b, "subsampling", i), f"leaves none of the {dense.subjects} people"
