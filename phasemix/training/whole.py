"""Parameters that every process holds whole, as views of two flat tensors: gradients are summed in two messages."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch
from torch import Tensor

from phasemix.model.gpt_neox import GPTNeoX
from phasemix.training.devices import Devices
from phasemix.training.engine import Engine
from phasemix.training.held import Groups
from phasemix.training.optimizer import flatten


class Whole:
    """See :class:`phasemix.training.held.Held`.

    Args:
        model: on its device; its parameters become views.
        devices: the processes that hold it, each on its own.
    """

    most_rows: int | None = None

    def __init__(self, model: GPTNeoX, devices: Devices) -> None:
        self.model = model
        self.devices = devices
        flats = flatten(model)
        self.groups = [[flat] for flat in flats]
        self._gradients = [flat.grad for flat in flats if flat.grad is not None]

    def step(self, rows: int, precision: torch.dtype, compiled: Path | None) -> Engine:
        """The forward and the backward pass as one graph."""
        return Engine(self.model, rows, precision, compiled)

    def begin_anew(self) -> bool:
        """Make all gradients 0: others wait at a batch's end."""
        for gradient in self._gradients:
            gradient.zero_()
        return True

    def sum(self, loss: Tensor) -> None:
        """Sum the gradients and a loss over all processes."""
        self.devices.sum([*self._gradients, loss])

    def copy(self) -> Groups:
        """The parameters as they are now, in main memory."""
        return [[flat.detach().to("cpu", copy=True)] for [flat] in self.groups]

    def flats(self, groups: Groups) -> list[Tensor]:
        """The tensors themselves, in main memory; empty ones in all processes but the first, which copy nothing."""
        return [flat.detach().cpu() if self.devices.first else torch.empty(0) for [flat] in groups]

    @torch.no_grad()
    def fill(self, groups: Groups, flats: list[Tensor]) -> None:
        """Copy them; every process has read them."""
        for [own], flat in zip(groups, flats, strict=True):
            own.copy_(flat)

    def by_name(self) -> dict[str, Tensor]:
        """The parameters by name in main memory, in the first process."""
        named = self.model.named_parameters() if self.devices.first else ()
        return {name: parameter.detach().cpu() for name, parameter in named}

    def readable(self) -> AbstractContextManager[None]:
        """Nothing is to be done."""
        return nullcontext()
