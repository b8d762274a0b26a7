"""The configuration of a study of named mixtures: constant ones, phases, or mixtures steered by a controller."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from phasemix.base.schema import Name
from phasemix.experiments.experiment import Problem, Training
from phasemix.mixers.controller import controllers, make_controller
from phasemix.study.cell_key import HORIZON, CellKey, unique
from phasemix.study.mixture import MixtureSpec

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(Training):
    """Every size on every mixture with every seed; all mixtures name the same sources in the same order."""

    kind: Literal["mixtures"]
    sizes: list[str] = Field(min_length=1)
    mixtures: dict[Annotated[str, Name], MixtureSpec] = Field(min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)
    tokens: list[PositiveInt] = Field(default_factory=list)

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once; with the axis ``tokens``, if it is given."""
        return unique(
            CellKey.of(size=size, mixture=mixture, seed=seed, **axis)
            for size in self.sizes
            for mixture in self.mixtures
            for seed in self.seeds
            for axis in ([{HORIZON: tokens} for tokens in self.tokens] or [{}])
        )

    @property
    def sources(self) -> list[str]:
        """The sources of the mixtures, in order."""
        return list(next(iter(self.mixtures.values())).sources)

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The mixture that the key names."""
        return self.mixtures[str(key.values["mixture"])]

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sizes and controllers that are not there, mixtures of other sources."""
        for i, size in enumerate(self.sizes):
            if size not in config.models:
                yield ("sizes", i), config.no_name(size, "models")
        for name, mixture in self.mixtures.items():
            if list(mixture.sources) != self.sources:
                yield ("mixtures", name), f"must name the sources {', '.join(self.sources)}, in this order"
            steering, where = mixture.steering, ("mixtures", name, "steering")
            if steering and steering.controller not in controllers():
                yield (*where, "controller"), f"is no controller; there are {', '.join(controllers())}"
            elif steering:
                try:
                    make_controller(steering.controller, steering.options)
                except (TypeError, ValueError) as error:
                    yield (*where, "options"), f"do not fit the controller {steering.controller}: {error}"
