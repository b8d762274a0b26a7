"""The processes that train one cell together, as ``torchrun`` starts them; mostly there is one.

Every process holds the whole stream, computes its share of every batch's rows, and sums gradients with the others
before the update, so all are at the same weights at every step: each holds the whole model
(:mod:`phasemix.training.whole`) or a part of it (:mod:`phasemix.training.sharded`). All evaluate, to decide alike; the
first process alone writes.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, distributed

from phasemix.base.cuda import available, own_gpu
from phasemix.base.errors import PhasemixError

PATIENCE = timedelta(hours=1)  # of processes with each other: the first writes checkpoints of a hundred GB meanwhile
GIVEN = re.compile(r"\d|GPU-|MIG-")  # a list of GPUs; others, as -1, hide them all


@dataclass(frozen=True)
class Devices:
    """This process among those of one run: ``rank`` of ``count``, computing on ``device``."""

    device: torch.device
    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def share(self, rows: int) -> slice:
        """This process's rows of a batch of ``rows``.

        Raises:
            PhasemixError: the rows cannot be shared evenly.
        """
        if rows % self.count:
            raise PhasemixError(f"a batch_size of {rows} cannot be shared evenly by {self.count} processes")
        share = rows // self.count
        return slice(self.rank * share, (self.rank + 1) * share)

    def sum(self, tensors: list[Tensor]) -> None:
        """Sum each tensor over all processes, in place."""
        if self.count > 1:
            for tensor in tensors:
                distributed.all_reduce(tensor)

    def least(self, number: int) -> int:
        """The least of all processes' numbers."""
        if self.count == 1:
            return number
        found = torch.tensor(number, device=self.device)
        distributed.all_reduce(found, distributed.ReduceOp.MIN)
        return int(found.item())

    def agree(self, number: int) -> None:
        """Make sure that all processes hold the same number.

        Raises:
            PhasemixError: they do not.
        """
        total = torch.tensor([number, number * number], dtype=torch.float64, device=self.device)
        self.sum([total])
        if total.tolist() != [number * self.count, number * number * self.count]:
            raise PhasemixError("the processes of this run found different checkpoints: is their folder shared by all?")


@contextmanager
def devices() -> Iterator[Devices]:
    """This process's devices: a GPU if PyTorch sees one, and the others of its run if ``torchrun`` started it.

    Raises:
        PhasemixError: more processes than GPUs, or GPUs that PyTorch cannot use.
    """
    if (
        not available()
        and GIVEN.match(os.environ.get("CUDA_VISIBLE_DEVICES", ""))
        and not os.environ.get("PHASEMIX_CPU")
    ):
        raise PhasemixError(
            f"GPUs were given (CUDA_VISIBLE_DEVICES), but PyTorch {torch.__version__} sees none: install a build for"
            " CUDA, or set PHASEMIX_CPU=1 to use the CPU"
        )
    together = distributed.is_available() and distributed.is_torchelastic_launched()
    local = int(os.environ["LOCAL_RANK"]) if together else None
    with own_gpu(local) if available() else nullcontext(torch.device("cpu")) as device:
        if not together:
            yield Devices(device)
            return
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
        try:
            yield Devices(device, distributed.get_rank(), distributed.get_world_size())
        finally:
            distributed.destroy_process_group()
