"""The text that a tokenizer is trained on: a sample of the web text, and biographies."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from phasemix.base.seeds import generator, named_seed
from phasemix.corpora.documents import read_documents
from phasemix.tasks.synbio.people import Domains, SynBio, draw_people

PEOPLE = 1000  # drawn for the tokenizer alone, so that a new study keeps it


def tokenizer_texts(
    web: str | Path, domains: Domains, *, megabytes: float, web_fraction: float, seed: int
) -> Iterator[str]:
    """About ``megabytes`` (10⁶ bytes) of text, ``web_fraction`` of it from the training split of the web text.

    The web part is taken evenly over the whole corpus, the rest are biographies of people drawn
    from ``domains``.
    """
    web_bytes = web_fraction * megabytes * 1e6
    total = sum(len(text.encode()) for texts in read_documents(web, heldout=False) for text in texts)
    rng = generator(seed, "tokenizer web text")
    for texts in read_documents(web, heldout=False):
        taken = rng.random(len(texts)) < web_bytes / total
        yield from (text for text, take in zip(texts, taken, strict=True) if take)
    people = SynBio(draw_people(min(PEOPLE, domains.unique_names), domains, named_seed(seed, "tokenizer")))
    rng = generator(seed, "tokenizer biographies")
    written = 0.0
    while written < megabytes * 1e6 - web_bytes:
        texts = people.biographies(np.arange(len(people)), rng)
        yield from texts
        written += sum(len(text) for text in texts)
