"""Parameters sharded among the processes of a run, for models whose weights, gradients and moments fill no one GPU.

PyTorch's FSDP2: every process holds its part of every parameter, of its gradient and of its moments. A layer is
gathered while it is computed, and its gradients are summed and scattered as soon as the backward pass has left it.
Gathered are float32 weights, so that sums alone differ from a whole model's. Imported only where it is needed, as
PyTorch's part of it takes a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import cast

import torch
from torch import Tensor
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, Shard, distribute_tensor

from phasemix.base import cuda
from phasemix.base.errors import one_line
from phasemix.model.gpt_neox import GPTNeoX
from phasemix.model.memory import STATE_BYTES, activation_bytes
from phasemix.training.devices import Devices
from phasemix.training.engine import EAGERLY, warn_once
from phasemix.training.held import Groups, Step
from phasemix.training.optimizer import by_decay

FREE_SHARE = 0.7  # of the GPU's memory beside the shards, for what rows leave for the backward pass


class Sharded:
    """See :class:`phasemix.training.held.Held`.

    Args:
        model: on the CPU, its weights in the first process alone; elsewhere on the device ``meta``.
        devices: the processes that share it.
    """

    def __init__(self, model: GPTNeoX, devices: Devices) -> None:
        self.devices = devices
        self._mesh = init_device_mesh(devices.device.type, (devices.count,))
        with torch.device("meta"):
            self.model = GPTNeoX(model.dimensions)
        for module in (*self.model.gpt_neox.layers, self.model):
            self._root = fully_shard(module, mesh=self._mesh)
            # Rows are weighted by the whole batch: gradients are summed, not meaned.
            self._root.set_force_sum_reduction_for_comms(True)
            self._root.set_gradient_divide_factor(1.0)
        self.model.to_empty(device=devices.device)
        for name, buffer in GPTNeoX(replace(model.dimensions, layers=0, vocabulary=1)).named_buffers():
            self.model.get_buffer(name).copy_(buffer)
        self.groups = by_decay(self.model.parameters())
        self._fill(self.groups, by_decay(model.parameters()))
        self.most_rows = self._most_rows()
        self._compiles: bool | None = None
        ids = torch.zeros((1, 1), dtype=torch.long, device=devices.device)
        with torch.no_grad():  # FSDP takes the module that is called first for the root
            self.model(ids, ids, ids.float())
        self._root.reshard()

    def step(self, rows: int, precision: torch.dtype, compiled: Path | None) -> Step:  # noqa: ARG002 (any will do)
        """PyTorch's own backward pass, in which FSDP gathers, sums and scatters."""
        if compiled is not None:
            self._compile()

        def compute(inputs: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
            loss = self.model(inputs, targets, weights, precision)
            loss.backward()
            return loss.detach()

        return compute

    def begin_anew(self) -> bool:
        """Others wait at every layer."""
        return False

    def sum(self, loss: Tensor) -> None:
        """Sum a loss over all processes; gradients are."""
        self.devices.sum([loss])

    def copy(self) -> Groups:
        """This process's parts as they are now, on its device."""
        return [[parameter.detach().clone() for parameter in group] for group in self.groups]

    def flats(self, groups: Groups) -> list[Tensor]:
        """Gather them in the first process, one tensor after the other, so that a GPU holds only one of them whole."""
        found = []
        for group in groups:
            flat = torch.empty(sum(part.numel() for part in group) if self.devices.first else 0)
            at = 0
            for part in group:
                whole = _whole(part)
                if self.devices.first:
                    flat[at : at + whole.numel()] = whole.flatten().cpu()
                    at += whole.numel()
            found.append(flat)
        return found

    def fill(self, groups: Groups, flats: list[Tensor]) -> None:
        """Scatter what the first process has."""
        wholes = []
        for group, flat in zip(groups, flats, strict=True):
            parts = torch.split(flat, [own.numel() for own in group])
            wholes.append([part.view(own.shape) for own, part in zip(group, parts, strict=True)])
        self._fill(groups, wholes)

    def by_name(self) -> dict[str, Tensor]:
        """Gather the parameters in the first process."""
        found = {}
        for name, parameter in self.model.named_parameters():
            whole = _whole(parameter)
            if self.devices.first:
                found[name] = whole.cpu()
        return found

    @contextmanager
    def readable(self) -> Iterator[None]:
        """Keep what belongs to no layer, such as the embeddings, gathered in the block."""
        self._root.unshard()
        # Texts and questions have many shapes, and each would be compiled.
        with torch.compiler.set_stance("force_eager") if self._compiles else nullcontext():
            yield
        self._root.reshard()

    @torch.no_grad()
    def _fill(self, groups: Groups, wholes: Groups) -> None:
        """Scatter whole tensors of the first process into those of ``groups``, one after the other."""
        device = self.devices.device
        for own, whole in zip(chain(*groups), chain(*wholes), strict=True):
            given = whole.detach().to(device) if self.devices.first else torch.empty(own.shape, device=device)
            own.copy_(distribute_tensor(given, self._mesh, [Shard(0)]))

    def _most_rows(self) -> int | None:
        """How many rows fit, the same in all processes, which wait for each other at every layer."""
        free, dimensions = cuda.free_bytes(self.devices.device), self.model.dimensions
        if free is None:
            return None
        # Weights are there already; gradients, moments and the last good weights are to come.
        state = STATE_BYTES * sum(parameter.numel() for parameter in self.model.parameters()) // self.devices.count
        row = dimensions.context * activation_bytes(dimensions.layers, dimensions.width, dimensions.vocabulary)
        return self.devices.least(max(1, int(FREE_SHARE * (free - state) / row)))

    def _compile(self) -> None:
        """Have PyTorch compile every layer, the first time that it is asked to, if it can in all processes."""
        if self._compiles is None:
            self._compiles = self.devices.least(int(_can_compile(self.devices.device))) == 1
            for layer in self.model.gpt_neox.layers if self._compiles else ():
                layer.compile(dynamic=False)


def _whole(part: Tensor) -> Tensor:
    return cast("DTensor", part.detach()).full_tensor()


def _can_compile(device: torch.device) -> bool:
    torch.use_deterministic_algorithms(torch.are_deterministic_algorithms_enabled())  # tells the compiler, too
    try:
        torch.compile(torch.exp)(torch.zeros(1, device=device))
    except Exception as error:  # a compiler fails in many ways, and none of them may stop the run
        warn_once(f"{EAGERLY}{one_line(error)}")
        return False
    return True
