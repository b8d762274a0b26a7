"""The face of a controller, which sets the proportions of a run's mixture on the way; and where one is found.

A controller is a file here with its class as ``CONTROLLER``; its name is the file's, with ``-`` for ``_``. It is made
anew for every run from its options and sees what :class:`Seen` holds. All else that it needs to remember is its
``state``, which is a part of every checkpoint, so that a resumed run is steered as an uninterrupted one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Protocol

FORWARD, TRAINING = 1 / 3, 1.0  # what passes cost: the forward one alone, and both, in training on as many tokens
Graph = Mapping[str, Mapping[str, float]]
"""How much training on one source helps another, by both names."""


class Measured(Protocol):
    """What can be measured of a model as it is now, on held-out text of every source; each costs passes over it."""

    def losses(self) -> dict[str, float]:
        """The loss on every source, in nats per token."""

    def excess_losses(self) -> dict[str, float]:
        """Of every source, the mean over tokens of max(loss − the reference model's, 0), in nats."""

    def gradient_products(self) -> dict[str, dict[str, float]]:
        """⟨∇L_i, ∇L_j⟩ of every two sources, by both names."""


@dataclass(frozen=True)
class Seen:
    """What a controller sees when it is asked.

    Attributes:
        tokens: trained on so far.
        proportions: of the mixture until now, by source.
        learning_rate: of the next step.
        measured: of the model; nothing is, unless the controller looks at it.
    """

    tokens: int
    proportions: Mapping[str, float]
    learning_rate: float
    measured: Measured

    @cached_property
    def losses(self) -> dict[str, float]:
        """See :meth:`Measured.losses`."""
        return self.measured.losses()

    @cached_property
    def excess_losses(self) -> dict[str, float]:
        """See :meth:`Measured.excess_losses`."""
        return self.measured.excess_losses()

    @cached_property
    def gradient_products(self) -> dict[str, dict[str, float]]:
        """See :meth:`Measured.gradient_products`."""
        return self.measured.gradient_products()


class Controller(ABC):
    """Sets proportions on the way.

    Attributes:
        needs_reference: class attribute; whether losses are compared with those of a reference model.
        needs_graph: class attribute; whether it is told how sources help each other.
        pass_cost: class attribute; what a pass over the held-out text costs that it asks for, in training on as much.
    """

    needs_reference: ClassVar[bool] = False
    needs_graph: ClassVar[bool] = False
    pass_cost: ClassVar[float] = FORWARD

    @abstractmethod
    def proportions(self, seen: Seen) -> dict[str, float]:
        """The proportions from here on, by source; they sum to 1."""

    @property
    def state(self) -> dict[str, Any]:
        """What it remembers, as plain values; setting it goes back there."""
        return {}

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        del state


@cache
def controllers() -> list[str]:
    """The names of all controllers."""
    here = Path(__file__)
    return sorted(path.stem.replace("_", "-") for path in here.parent.glob("[!_]*.py") if path.stem != here.stem)


def controller_class(name: str) -> type[Controller]:
    """The class of a controller."""
    found: type[Controller] = import_module(controller_module(name)).CONTROLLER
    return found


def make_controller(name: str, options: Mapping[str, float], graph: Graph | None = None) -> Controller:
    """The controller of this name with its options, and with a graph if it needs one.

    Raises:
        TypeError: it has no such option.
        ValueError: an option is impossible.
    """
    found = controller_class(name)
    return found(**options, **({"graph": graph or {}} if found.needs_graph else {}))


def controller_module(name: str) -> str:
    """The module of a controller."""
    return f"phasemix.controllers.{name.replace('-', '_')}"
