"""Validation losses: mean cross-entropy per token, in nats."""

import numpy as np
import torch
from torch.nn import functional

from phasemix.model.gpt_neox import GPTNeoX
from phasemix.model.kernels import chunk_rows

ROWS_PER_BATCH = 32


@torch.no_grad()
def stream_loss(model: GPTNeoX, ids: np.ndarray, context: int) -> float:
    """Mean loss over a stream of ids (shape (n,)), read in rows of ``context`` tokens; a rest is left out.

    Raises:
        ValueError: fewer than ``context`` + 1 ids.
    """
    rows = (len(ids) - 1) // context
    if rows < 1:
        raise ValueError(f"{len(ids)} ids do not fill one row of {context}")
    used = torch.from_numpy(np.array(ids[: rows * context + 1], dtype=np.int64)).to(model.device)
    inputs, targets = used[:-1].view(rows, context), used[1:].view(rows, context)
    total = 0.0
    for row_ids, row_targets in zip(*(torch.split(x, ROWS_PER_BATCH) for x in (inputs, targets)), strict=True):
        hidden = model.hidden_states(row_ids).flatten(0, 1)
        size = chunk_rows(len(model.head), hidden)  # all logits of a batch at once may be gigabytes
        for part, target in zip(*(torch.split(x, size) for x in (hidden, row_targets.flatten())), strict=True):
            total += functional.cross_entropy(model.logits(part), target, reduction="sum").item()
    return total / (rows * context)
