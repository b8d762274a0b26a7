"""How much documents help a model on its own domain, without training on each: influence functions."""

from __future__ import annotations

from functools import partial
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
        PhasemixError: the gradients of one matrix alone would take too much memory.
    """
    everything = {name: each.detach() for name, each in model.named_parameters()}
    batches = [torch.split(part[:, None], DOCUMENTS_PER_BATCH) for part in _rows(documents, context)]
    total = torch.zeros(len(documents), dtype=torch.float64)
    for group in _groups(everything, len(documents)):
        wanted = {name: everything[name] for name in group}
        of_loss = grad(partial(_loss, model, everything))
        of_each = vmap(of_loss, in_dims=(None, 0, 0))
        parts = [of_each(wanted, *batch) for batch in zip(*batches, strict=True)]
        for name, gradient in of_loss(wanted, heldout[:, :-1], heldout[:, 1:]).items():
            own = torch.cat([part.pop(name).flatten(1) for part in parts])
            total += datainf(own, gradient.flatten()).double()
    return total.numpy()


def _loss(
    model: PreTrainedModel, everything: dict[str, Tensor], some: dict[str, Tensor], rows: Tensor, targets: Tensor
) -> Tensor:
    """The mean loss on rows of targets, as a function of ``some`` of the parameters."""
    logits = functional_call(model, everything | some, (rows,), {"use_cache": False}).logits
    found = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum")
    return found / (targets != IGNORED).sum().clamp(min=1)


def _groups(parameters: dict[str, Tensor], documents: int) -> list[list[str]]:
    """Names of parameters, in groups whose gradients of so many documents can be held at once."""
    groups: list[list[str]] = [[]]
    held = 0.0
    for name, each in parameters.items():
        size = 4.0 * each.numel() * documents
        if size > MOST_BYTES:
            raise PhasemixError(
                f"gradients of {documents:,} documents by {name} take {size / 1e9:.0f} GB, and at most"
                f" {MOST_BYTES / 1e9:.0f} are held: take fewer documents or a smaller model"
            )
        if held + size > MOST_BYTES:
            groups.append([])
            held = 0.0
        groups[-1].append(name)
        held += size
    return groups


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
        length = max(0, min(len(ids) - 1, context))
        inputs[row, :length] = ids[:length]
        targets[row, :length] = ids[1 : length + 1]
    return torch.from_numpy(inputs), torch.from_numpy(targets)
