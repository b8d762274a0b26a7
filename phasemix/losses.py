"""Validation losses: mean cross-entropy per token, in nats."""

import numpy as np
import torch
from torch.nn import functional
from transformers import GPTNeoXForCausalLM, PreTrainedTokenizerFast

from phasemix.corpora.synbio import SynBio
from phasemix.corpora.tokenizer import encode_documents
from phasemix.seeds import generator

ROWS_A_BATCH = 32


def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of ``logits`` (…, vocabulary) at ``targets`` (…), targets of −100 left out."""
    return functional.cross_entropy(logits.flatten(0, -2).float(), targets.flatten())


@torch.no_grad()
def stream_loss(model: GPTNeoXForCausalLM, ids: np.ndarray, context: int) -> float:
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
    for batch in range(0, rows, ROWS_A_BATCH):
        part = slice(batch, batch + ROWS_A_BATCH)
        total += token_loss(model(inputs[part]).logits, targets[part]).item() * len(inputs[part])
    return total / rows


def validation_biographies(synbio: SynBio, tokenizer: PreTrainedTokenizerFast, tokens: int) -> np.ndarray:
    """About ``tokens`` ids of biographies in showings that no training run has; shape (n,)."""
    found: list[int] = []
    showing = 0
    while len(found) <= tokens:
        rng = generator("validation biographies", showing)
        persons = rng.permutation(len(synbio))[:512]
        for ids in encode_documents(tokenizer, synbio.biographies(persons, rng)):
            found.extend(ids)
        showing += 1
    return np.array(found[: tokens + 1])
