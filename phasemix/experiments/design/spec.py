"""The configuration of a designed set of runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from phasemix.base.schema import Schema
from phasemix.experiments.bimix.spec import Spec as BiMix
from phasemix.experiments.experiment import Problem, Training
from phasemix.search.simplex_design import simplex_design
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.mixture import MixtureSpec

if TYPE_CHECKING:
    from phasemix.study.config import Config

QUESTIONS = ("mixtures", "steps", "size", "learning", "six")
"""What laws are asked: :mod:`phasemix.experiments.design.questions`."""
LEARNING, ASKED = (6, 9, 12, 15, 18), 6
"""Of a learning curve: mixtures that laws are fitted on, and those that they predict in every draw."""
LEAST_MIXTURES = LEARNING[0] + ASKED


class Block(Schema):
    """Every size on the first so many mixtures of the design, with every seed.

    Attributes:
        sizes: names of models.
        mixtures: how many: the centre, the corners, then points between them.
        seeds: of weights and of the order of the data.
    """

    sizes: list[str] = Field(min_length=1)
    mixtures: PositiveInt
    seeds: list[NonNegativeInt] = Field(min_length=1)


class Spec(Training):
    """Models on mixtures that fill the simplex, and the runs of another experiment beside them.

    Attributes:
        domains: the sources that are mixed.
        six: the experiment of paper B whose few mixtures are compared with as many of these; same size and recipe.
        corner: the proportion of a domain in its corner.
        least: the least proportion anywhere.
        points: how many of a run's evaluation points laws are fitted on, evenly spaced, the last among them.
        folds: of the cross-validation over mixtures.
        blocks: what is trained.
    """

    kind: Literal["design"]
    domains: list[str] = Field(min_length=2)
    six: str
    corner: float = Field(gt=0, lt=1)
    least: float = Field(gt=0, lt=1)
    points: PositiveInt = 5
    folds: int = Field(default=6, ge=2)
    blocks: list[Block] = Field(min_length=1)
    tables: ClassVar[tuple[str, ...]] = (
        *(f"{question}{part}" for question in QUESTIONS for part in (".csv", ".errors.csv", ".notes.json")),
        "exponents.csv",
    )

    @model_validator(mode="after")
    def _can_be_mixed(self) -> Self:
        count = len(self.domains)
        if len(set(self.domains)) < count:
            raise ValueError("domains names one twice")
        if self.least * count >= 1:
            raise ValueError(f"least {self.least:g} leaves nothing to mix: {count} domains have it")
        if (1 - self.corner) / (count - 1) < self.least:
            raise ValueError(f"corner {self.corner:g} leaves the other domains less than least, {self.least:g}")
        return self

    @cached_property
    def mixtures(self) -> dict[str, MixtureSpec]:
        """The design, as far as any block asks for it."""
        count = max(block.mixtures for block in self.blocks)
        points = simplex_design(self.domains, count, self.corner, self.least)
        return {
            name: MixtureSpec.constant(dict(zip(self.domains, point, strict=True))) for name, point in points.items()
        }

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once."""
        names = list(self.mixtures)
        return unique(
            CellKey.of(size=size, mixture=mixture, seed=seed)
            for block in self.blocks
            for size in block.sizes
            for mixture in names[: block.mixtures]
            for seed in block.seeds
        )

    @property
    def sources(self) -> list[str]:
        """The domains."""
        return self.domains

    @property
    def options(self) -> dict[str, Any]:
        """What decides what laws are asked."""
        return self.model_dump(mode="json", include={"domains", "six", "corner", "points", "folds"})

    @property
    def reads(self) -> list[str]:
        """The experiment of paper B."""
        return [self.six]

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The mixture that the key names."""
        return self.mixtures[str(key.values["mixture"])]

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sizes that are not there, a design that is none, another experiment that cannot be compared."""
        for b, block in enumerate(self.blocks):
            for i, size in enumerate(block.sizes):
                if size not in config.models:
                    yield ("blocks", b, "sizes", i), config.no_name(size, "models")
        other = config.experiments.get(self.six)
        if not isinstance(other, BiMix):
            yield ("six",), "is no experiment of kind bimix"
        elif other.domains != self.domains:
            yield ("domains",), f"must be those of {self.six}, in its order: {', '.join(other.domains)}"
        elif other.recipe != self.recipe or other.tokenizer != self.tokenizer:
            yield ("recipe",), f"and tokenizer must be those of {self.six}, whose runs are compared"
        else:
            count = max((block.mixtures for block in self.blocks if other.size in block.sizes), default=0)
            least = max(self.folds, LEAST_MIXTURES)
            if count < least:
                yield ("blocks",), f"has {count} mixtures at {other.size}, the size of {self.six}; laws need {least}"
