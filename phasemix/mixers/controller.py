"""The face of a controller, which sets the proportions of a run's mixture on the way; and where one is found.

A controller is a file here with a class ``Mixer``; its name is the file's, with ``-`` for ``_``. It is made
anew for every run from its options and sees what :class:`Seen` holds. All else that it needs to remember is its
``state``, which is a part of every checkpoint, so that a resumed run is steered as an uninterrupted one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Seen:
    """What a controller sees when it is asked.

    Attributes:
        tokens: trained on so far.
        proportions: of the mixture until now, by source.
        losses: the model's loss on each source's held-out text, in nats per token, by source.
    """

    tokens: int
    proportions: Mapping[str, float]
    losses: Mapping[str, float]


class Controller(ABC):
    """Sets proportions on the way."""

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


def make_controller(name: str, options: Mapping[str, float]) -> Controller:
    """The controller of this name with its options.

    Raises:
        TypeError: it has no such option.
    """
    found: Controller = import_module(controller_module(name)).Mixer(**options)
    return found


def controller_module(name: str) -> str:
    """The module of a controller."""
    return f"phasemix.mixers.{name.replace('-', '_')}"
