"""How much documents help a model on its own domain, without training on each: influence functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call, grad, vmap
from torch.nn import functional

from phasemix.base.errors import PhasemixError
from phasemix.corpora.document_packing import IGNORED

if TYPE_CHECKING:
    from transformers import PreTrainedModel

DAMPING = 0.1  # of the mean squared gradient, DataInf's own
DOCUMENTS_PER_BATCH = 50
MOST_BYTES = 8e9  # of gradients that are held at once


def document_influences(
    model: PreTrainedModel, documents: list[np.ndarray], heldout: Tensor, context: int
) -> np.ndarray:
    """How far a step on each document would lower the loss on held-out text; shape (documents,), without a unit.

    It is gᵀH⁻¹v, of a document's gradient g, that of held-out text v, and an estimate H of the loss's curvature from
    the gradients of all documents, a matrix of parameters at a time (DataInf, arXiv 2310.00902, equation 5).

    Args:
        model: a causal model of transformers with eager attention.
        documents: the ids of each, shape (n,); of longer ones than ``context`` + 1, their beginning is taken.
        heldout: ids of held-out text, shape (rows, ``context`` + 1).
        context: tokens of a row.

    Raises:
        PhasemixError: all gradients together would take too much memory.
    """
    parameters = {name: each.detach() for name, each in model.named_parameters()}
    size = 4 * sum(each.numel() for each in parameters.values()) * len(documents)
    if size > MOST_BYTES:
        raise PhasemixError(
            f"gradients of {len(documents):,} documents take {size / 1e9:.0f} GB, and at most {MOST_BYTES / 1e9:.0f}"
            " are held: take fewer documents or a smaller model"
        )

    def loss(values: dict[str, Tensor], rows: Tensor, targets: Tensor) -> Tensor:
        logits = functional_call(model, values, (rows,), {"use_cache": False}).logits
        found = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum")
        return found / (targets != IGNORED).sum().clamp(min=1)

    of_each = vmap(grad(loss), in_dims=(None, 0, 0))
    batches = [torch.split(part[:, None], DOCUMENTS_PER_BATCH) for part in _rows(documents, context)]
    parts = [of_each(parameters, *batch) for batch in zip(*batches, strict=True)]
    of_heldout = grad(loss)(parameters, heldout[:, :-1], heldout[:, 1:])
    total = torch.zeros(len(documents), dtype=torch.float64)
    for name, gradient in of_heldout.items():
        own = torch.cat([part.pop(name).flatten(1) for part in parts])
        total += datainf(own, gradient.flatten()).double()
    return total.numpy()


def datainf(gradients: Tensor, wanted: Tensor) -> Tensor:
    """gᵢᵀH⁻¹v for every gradient gᵢ of (n, d) and v of (d,), shape (n,): DataInf's equation 5.

    The inverse of the mean of gᵢgᵢᵀ + λI is taken for the mean of their inverses.
    """
    squares = gradients.square().sum(1)
    damping = DAMPING * squares.mean() / gradients.shape[1]
    if damping == 0:
        return squares  # nothing depends on these parameters
    shares = (gradients @ wanted) / (damping + squares)
    inverse = (wanted - (shares[:, None] * gradients).mean(0)) / damping
    return gradients @ inverse


def _rows(documents: list[np.ndarray], context: int) -> tuple[Tensor, Tensor]:
    """The beginnings of documents as rows of inputs and targets, (documents, context) each."""
    inputs = np.zeros((len(documents), context), dtype=np.int64)
    targets = np.full((len(documents), context), IGNORED, dtype=np.int64)
    for row, ids in enumerate(documents):
        length = min(len(ids) - 1, context)
        inputs[row, :length] = ids[:length]
        targets[row, :length] = ids[1 : length + 1]
    return torch.from_numpy(inputs), torch.from_numpy(targets)
