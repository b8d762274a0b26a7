"""The texts that word vectors for several domains are trained on."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from phasemix.corpora.documents import sample_documents

BYTES_PER_WORD = 16  # more than words have, so that the sample holds enough of them


def training_texts(corpora: Sequence[Path], words: int, seed: int) -> Iterator[str]:
    """About ``words`` words in all, as many of every corpus as far as it has them, taken evenly over each.

    Texts of the corpora come in turn, because training weighs what comes last in a pass differently.
    """
    every = [_words_of(corpus, words // len(corpora), seed) for corpus in corpora]
    for texts in zip_longest(*every):
        yield from (text for text in texts if text is not None)


def _words_of(corpus: Path, words: int, seed: int) -> Iterator[str]:
    megabytes = words * BYTES_PER_WORD / 1e6
    for text in sample_documents(corpus / "documents.parquet", megabytes, seed, "word vectors", corpus.name):
        found = text.split()[:words]
        words -= len(found)
        yield " ".join(found)
        if not words:
            return
