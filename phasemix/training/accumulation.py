"""The gradients of a whole batch: in micro-batches that fit the memory, over all processes of a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from phasemix.base.cuda import onto, release
from phasemix.base.errors import PhasemixError, warn
from phasemix.corpora.document_packing import IGNORED
from phasemix.evaluation.validation_loss import token_losses
from phasemix.training.engine import is_out_of_memory
from phasemix.training.held import Held, Step

Weigh = Callable[[Tensor], Tensor]
"""From the mean losses of a batch's rows to their weights, which sum to 1, both of shape (rows,)."""


class Accumulation:
    """Sums a batch's gradients into ``.grad`` of a model's parameters, ``rows`` rows at a time.

    When the memory does not suffice, ``rows`` is halved and the batch begun anew, if this process may do so alone: a
    smaller micro-batch changes the order of sums and nothing else.

    Args:
        held: the model, whose processes share a batch's rows.
        rows: how many rows to compute at a time, at most.
        precision: of the large products.
        compiled: the folder of compiled steps; None runs eagerly.
    """

    def __init__(self, held: Held, *, rows: int, precision: torch.dtype, compiled: Path | None) -> None:
        self.rows = rows
        self._held = held
        self._devices = held.devices
        self._precision = precision
        self._compiled = compiled
        self._made: tuple[int, Step] | None = None  # for how many rows, and the step

    def __call__(self, batch: tuple[np.ndarray, np.ndarray], weigh: Weigh | None = None) -> float:
        """Add the gradients of the mean loss of a batch of inputs and targets; returns that loss, in nats a token.

        With ``weigh`` it is the mean over rows by the weights that it gives their losses, which cost a forward pass.
        """
        inputs, targets = (torch.from_numpy(ids) for ids in batch)
        share = self._devices.share(len(inputs))
        counted = (targets != IGNORED).float()
        counted, inputs, targets = onto(self._devices.device, counted, inputs[share], targets[share])
        weights = counted / counted.sum()
        if weigh is not None:
            rows = counted.sum(1)
            losses = torch.zeros_like(rows)
            with self._held.readable():
                losses[share] = token_losses(self._held.model, inputs, targets, self.rows).sum(1) / rows[share]
            self._devices.sum([losses])
            weights = counted * (weigh(losses) / rows).unsqueeze(1)
        loss = self._fitting(lambda: self._sum(inputs, targets, weights[share]))
        self.rows = self._devices.least(self.rows)
        self._held.sum(loss)
        return loss.item()

    def prepare(self) -> None:
        """Trace and compile the step, so that the first batch takes no longer than the others."""
        self._fitting(self._make)

    def _make(self) -> Step:
        if self._made is None or self._made[0] != self.rows:
            self._made = None  # its memory is free for the next
            self._made = self.rows, self._held.step(self.rows, self._precision, self._compiled)
        return self._made[1]

    def _sum(self, inputs: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """The loss of these rows; adds their gradients."""
        step, total = self._make(), torch.zeros((), device=inputs.device)
        for ids, wanted, by in zip(*(torch.split(x, self.rows) for x in (inputs, targets, weights)), strict=True):
            total += step(self._padded(ids, 0), self._padded(wanted, IGNORED), self._padded(by, 0))
        return total

    def _fitting(self, compute: Callable[[], Any]) -> Any:
        """What ``compute`` returns, with as many rows at a time as fit the memory."""
        while True:
            try:
                return compute()
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                if self.rows == 1 or not self._held.begin_anew():
                    raise PhasemixError(
                        f"out of memory with micro-batches of {self.rows} rows: give this size more devices"
                        " (hardware.cells), or lower recipe.micro_batch_size"
                    ) from error
            self.rows = (self.rows + 1) // 2
            warn(f"out of memory: going on with micro-batches of {self.rows} rows")
            release()

    def _padded(self, rows: Tensor, value: int) -> Tensor:
        """``rows`` filled up to a whole micro-batch, for which the step was compiled."""
        missing = self.rows - len(rows)
        return nn.functional.pad(rows, (0, 0, 0, missing), value=value) if missing else rows
