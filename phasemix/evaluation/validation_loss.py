"""Validation losses: mean cross-entropy per token, in nats."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from phasemix.corpora.document_packing import IGNORED
from phasemix.model.gpt_neox import GPTNeoX
from phasemix.model.kernels import chunk_rows

ROWS_PER_BATCH = 32


@torch.no_grad()
def stream_loss(model: GPTNeoX, ids: np.ndarray, context: int) -> float:
    """Mean loss over a stream of ids (shape (n,)), read in rows of ``context`` tokens; a rest is left out.

    Raises:
        ValueError: fewer than ``context`` + 1 ids.
    """
    inputs, targets = stream_rows(ids, context, model.device)
    total = 0.0
    for row_ids, row_targets in zip(*(torch.split(x, ROWS_PER_BATCH) for x in (inputs, targets)), strict=True):
        for part, target in _hidden_and_targets(model, row_ids, row_targets):
            total += functional.cross_entropy(model.logits(part), target, reduction="sum").item()
    return total / targets.numel()


def stream_rows(ids: np.ndarray, context: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """A stream of ids (n,) as rows of inputs and targets, shape (rows, context) each; a rest is left out.

    Raises:
        ValueError: fewer than ``context`` + 1 ids.
    """
    rows = (len(ids) - 1) // context
    if rows < 1:
        raise ValueError(f"{len(ids)} ids do not fill one row of {context}")
    used = torch.from_numpy(np.array(ids[: rows * context + 1], dtype=np.int64)).to(device)
    return used[:-1].view(rows, context), used[1:].view(rows, context)


@torch.no_grad()
def token_losses(model: GPTNeoX, inputs: Tensor, targets: Tensor, rows: int = ROWS_PER_BATCH) -> Tensor:
    """The loss of every target, 0 of those that are left out, all of shape (n, context); ``rows`` at a time."""
    found = [
        functional.cross_entropy(model.logits(part), target, reduction="none", ignore_index=IGNORED)
        for row_ids, row_targets in zip(*(torch.split(x, rows) for x in (inputs, targets)), strict=True)
        for part, target in _hidden_and_targets(model, row_ids, row_targets)
    ]
    return torch.cat(found).view(targets.shape)


def _hidden_and_targets(model: GPTNeoX, ids: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """What the head reads and the targets, few tokens at a time: all logits of a batch at once may be gigabytes."""
    hidden = model.hidden_states(ids).flatten(0, 1)
    size = chunk_rows(len(model.head), hidden)
    yield from zip(*(torch.split(x, size) for x in (hidden, targets.flatten())), strict=True)
