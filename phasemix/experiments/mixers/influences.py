"""How influential documents of a contest's domains are, for mixers that choose documents by that."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM

from phasemix.base.seeds import generator
from phasemix.corpora.tokens import FILES, TrainingDocuments, heldout_tokens
from phasemix.domains.influence import document_influences


def domain_influences(
    model: Path,
    folders: Mapping[str, Path],
    sizes: Mapping[str, int],
    *,
    documents: int,
    heldout: int,
    context: int,
    seed: int,
) -> dict[str, dict[str, Sequence[float]]]:
    """What :mod:`phasemix.corpora.document_influences` has in its file, of the domains that are made of documents.

    Args:
        model: the folder of the model that tells it.
        folders: of each domain's tokens.
        sizes: the tokens that domains are cut to, of those that are.
        documents: of every domain, drawn at random.
        heldout: the first so many held-out tokens of every domain are what documents are to help with.
        context: tokens of a row.
        seed: the root of what is drawn.
    """
    judge = AutoModelForCausalLM.from_pretrained(model, attn_implementation="eager", dtype=torch.float32).eval()
    found: dict[str, dict[str, Sequence[float]]] = {}
    for domain, folder in folders.items():
        if not (folder / FILES[0]).is_file():
            continue
        text = TrainingDocuments(folder)
        count = text.first(sizes[domain]) if domain in sizes else text.count
        drawn = np.sort(generator(seed, "influences", domain).permutation(count)[:documents])
        ids, lengths = text.read(drawn)
        wanted = np.lib.stride_tricks.sliding_window_view(heldout_tokens(folder, heldout), context + 1)
        told = document_influences(
            judge,
            np.split(ids.astype(np.int64), np.cumsum(lengths)[:-1]),
            torch.from_numpy(wanted[::context].astype(np.int64)),
            context,
        )
        found[domain] = {"documents": drawn.tolist(), "influences": told.tolist()}
    return found
