"""The configuration of a study of named mixtures: constant ones, phases, or mixtures steered by a controller."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from phasemix.base.schema import Name
from phasemix.controllers.controller import controller_class, controllers, make_controller
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell_key import HORIZON, CellKey, unique
from phasemix.study.mixture import MixtureSpec, Steering

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(Training):
    """Every size on every mixture with every seed; all mixtures name the same sources in the same order.

    Attributes:
        sizes: names of models.
        mixtures: by name.
        seeds: of weights and of the order of the data.
        tokens: horizons, which share a trunk; none: the recipe's.
    """

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
            if mixture.steering:
                for part, problem in steering_problems(mixture.steering):
                    yield ("mixtures", name, "steering", part), problem


def steering_problems(steering: Steering) -> Iterator[tuple[str, str]]:
    """Parts of a steering that are wrong, and what is wrong with them."""
    name = steering.controller
    if name not in controllers():
        yield "controller", f"is no controller; there are {', '.join(controllers())}"
        return
    needs = controller_class(name)
    for part, needed in (("reference", needs.needs_reference), ("graph", needs.needs_graph)):
        given = getattr(steering, part) is not None
        if needed and not given:
            yield part, f"is missing, which the controller {name} needs"
        if given and not needed:
            yield part, f"is not used by the controller {name}; leave it out"
    try:
        make_controller(name, steering.options)
    except (TypeError, ValueError) as error:
        yield "options", f"do not fit the controller {name}: {error}"
