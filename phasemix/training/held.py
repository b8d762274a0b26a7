"""How the processes of a run hold its parameters: each of them whole, or sharded among them.

Which of the two it is decides memory and messages, and no result but for the order of sums. A checkpoint is the same
of both, so that a run goes on either way: parameters and moments as two flat tensors of the whole model, matrices
(which decay) and vectors (biases and layer norms), each parameter after the other.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from phasemix.model.gpt_neox import GPTNeoX
from phasemix.training.devices import Devices

Groups = Sequence[Sequence[Tensor]]
"""Tensors held as the parameters are, those of matrices and those of vectors."""
Step = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Adds the gradients of rows by inputs, targets and weights, (rows, context) each; returns their loss by weights."""


class Held(Protocol):
    """A model whose parameters the processes of a run hold together.

    Attributes:
        model: can be trained, and read in :meth:`readable`.
        devices: this process among them.
        groups: the parameters that this process updates, matrices and vectors.
        most_rows: how many rows the memory has room for at a time, as far as that is known beforehand.
    """

    model: GPTNeoX
    devices: Devices
    groups: list[list[nn.Parameter]]
    most_rows: int | None

    def step(self, rows: int, precision: torch.dtype, compiled: Path | None) -> Step:
        """What computes so many rows at a time, compiled if ``compiled`` is not None."""

    def begin_anew(self) -> bool:
        """Forget the gradients of a batch, to compute it again; False where others wait for messages in its midst."""

    def sum(self, loss: Tensor) -> None:
        """Sum the gradients, as far as that is not done, and a loss over all processes, in place."""

    def copy(self) -> Groups:
        """The parameters as they are now."""

    def flats(self, groups: Groups) -> list[Tensor]:
        """Two flat tensors in main memory, for saving at once; empty in all processes but the first.

        Call it in all processes.
        """

    def fill(self, groups: Groups, flats: list[Tensor]) -> None:
        """Put back the two flat tensors that :meth:`flats` gave the first process, as read from a checkpoint.

        Call it in all processes, with the same tensors.
        """

    def by_name(self) -> dict[str, Tensor]:
        """The parameters by name in main memory; none in all processes but the first.

        Call it in all processes.
        """

    def readable(self) -> AbstractContextManager[None]:
        """A block in which the model's ``hidden_states`` and ``logits`` may be asked.

        Call it in all processes.
        """
