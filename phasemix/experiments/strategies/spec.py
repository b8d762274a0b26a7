"""The configuration of a study of random subsampling and compact knowledge mixing (A-Fig 8, 14, A-Table 3)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell import Cell
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.mixture import MixtureSpec
from phasemix.tasks.synbio.spec import Spec as SynBio
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.tuples.spec import Spec as Tuples

if TYPE_CHECKING:
    from phasemix.study.config import Config

READ = {"theory": "theory", "law": "cliff"}
"""The fields that name an experiment to predict by, and its kind."""


class Block(Schema):
    """A full grid: every size at every ratio r, with every subsampling ρ and every share τ of tuples, and every seed.

    ``subsampling`` is the share of the people who are shown, ``compact`` that of the dense tokens which are tuples.
    """

    sizes: list[str] = Field(min_length=1)
    ratios: list[float] = Field(min_length=1)
    subsampling: list[Annotated[float, Field(gt=0, le=1)]] = Field(default=[1.0], min_length=1)
    compact: list[Annotated[float, Field(ge=0, lt=1)]] = Field(default=[0.0], min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)


class Spec(Training):
    """Cells in which a fraction r of the tokens is about people, and the rest comes from ``base``.

    Attributes:
        dense: biographies of the people, all shown; everybody is asked about, whoever is shown.
        tuples: compact tuples of the same people.
        base: the source of the other tokens.
        theory: the experiment of kind theory whose learner says what to expect; None: nothing does.
        law: the one of kind cliff to whose runs the law cliff is fitted, which says the same; None: nothing does.
        grid: its cells are the union of these blocks; a cell in two of them is trained once.
    """

    kind: Literal["strategies"]
    dense: str
    tuples: str
    base: str
    theory: str | None = None
    law: str | None = None
    grid: list[Block] = Field(min_length=1)
    tables: ClassVar[tuple[str, ...]] = ("strategies.csv", "means.csv", "predicted.csv", "best.json")

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

    @property
    def sources(self) -> list[str]:
        """Biographies, the base, and tuples where they are mixed in."""
        mixed = any(key.values["compact"] for key in self.cells)
        return [self.dense, self.base, *([self.tuples] if mixed else [])]

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and by which experiments it is predicted."""
        return self.model_dump(mode="json", include={"dense", "tuples", "base", *READ})

    @property
    def reads(self) -> list[str]:
        """The experiments that say what to expect."""
        return [name for name in (self.theory, self.law) if name]

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio, with the share of tuples in it."""
        ratio, compact = (float(key.values[axis]) for axis in ("ratio", "compact"))
        proportions = {self.dense: ratio * (1 - compact), self.base: 1 - ratio}
        return MixtureSpec.constant(proportions | ({self.tuples: ratio * compact} if compact else {}))

    def cell(self, key: CellKey, config: Config) -> Cell:
        """The specification of a cell, with the share of people who are shown."""
        cell = super().cell(key, config)
        dense = cell.sources[self.dense] | {"subsampling": float(key.values["subsampling"])}
        return cell.model_copy(update={"sources": cell.sources | {self.dense: dense}})

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sources of other kinds or people, experiments of other kinds, and sizes and ratios that are not there."""
        yield from self._source_problems(config)
        for field, kind in READ.items():
            name = getattr(self, field)
            if name is not None and name not in config.experiments:
                yield (field,), config.no_name(name, "experiments")
            elif name is not None and config.experiments[name].kind != kind:
                yield (field,), f"is of kind {config.experiments[name].kind}; it must be {kind}"
        for b, block in enumerate(self.grid):
            for i, size in enumerate(block.sizes):
                if size not in config.models:
                    yield ("grid", b, "sizes", i), config.no_name(size, "models")
            if min(block.subsampling) < 1 and max(block.compact) > 0:
                yield (
                    ("grid", b, "compact"),
                    "stands beside subsampling: tuples show everybody; give each its own block",
                )
            for i, ratio in enumerate(block.ratios):
                if not 0 <= ratio < 1:
                    yield ("grid", b, "ratios", i), "must be at least 0 and below 1"

    def _source_problems(self, config: Config) -> Iterator[Problem]:
        dense, tuples = config.sources.get(self.dense), config.sources.get(self.tuples)
        if dense is not None and (not isinstance(dense, SynBio) or dense.groups or dense.subsampling < 1):
            yield (
                ("dense",),
                "must be of the task synbio, with everybody shown equally often: the cells leave people out",
            )
            return
        if tuples is not None and not isinstance(tuples, Tuples):
            yield ("tuples",), "must be of the task tuples"
        elif (
            dense is not None and tuples is not None and (dense.people, dense.values) != (tuples.people, tuples.values)
        ):
            yield ("tuples",), f"is about other people than {self.dense}: give it the same people and values"
        if isinstance(dense, SynBio):
            for b, block in enumerate(self.grid):
                for i, share in enumerate(block.subsampling):
                    if not shown_people(dense.people, share):
                        yield ("grid", b, "subsampling", i), f"leaves none of the {dense.people} people"
