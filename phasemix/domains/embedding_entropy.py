"""The von Neumann entropy of one domain, from its texts."""

from collections.abc import Iterable
from itertools import islice

import numpy as np

from phasemix.domains.fasttext_vectors import WordVectors
from phasemix.domains.text_samples import WORDS, samples_of
from phasemix.domains.von_neumann import SecondMoments, VonNeumannEntropy

BATCH = 4096


def embedding_entropy(texts: Iterable[str], vectors: WordVectors, words: int = WORDS) -> VonNeumannEntropy:
    """Measure how differently the samples of a domain's texts are embedded (BiMix, arXiv 2405.14908).

    Args:
        texts: one document each; they are read once, and memory holds some 4,000 samples of them.
        vectors: the same for all domains, or their entropies cannot be compared.
        words: of a sample (:func:`phasemix.domains.text_samples.samples_of`).

    Raises:
        PhasemixError: no sample has an embedding.
    """
    moments = SecondMoments(vectors.dimensions)
    samples = samples_of(texts, words)
    while batch := list(islice(samples, BATCH)):
        moments.add(vectors.embed([found for _, found in batch]), np.array([document for document, _ in batch]))
    return moments.result()
