"""What is measured of one domain, as JSON.

``documents`` (passages, where documents were cut) and ``bytes`` of training text, ``repetitions``, exact ones that were
left out, ``tokens`` without those that end documents, ``bytes_per_token``, ``heldout_tokens``, ``sha256`` of the
corpus; ``documents_read`` and the near-duplicates left out, null where the source has no family; and ``entropies`` in
nats, of tokens with ``conditional_bias`` and, of embedded samples, ``von-neumann`` with its ``standard_error``,
``bias``, ``samples`` and ``empty`` ones.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from phasemix.base.files import checksums_of, read_json
from phasemix.base.json_rows import json_value
from phasemix.corpora.documents import sample_documents
from phasemix.domains.embedding_entropy import embedding_entropy
from phasemix.domains.fasttext_vectors import WordVectors
from phasemix.domains.folder_entropies import entropies_of

GATHERED = ("documents_read", "near_duplicates", "near_duplicates_of_relatives")


def measure(
    corpus: Path, tokens: Path, vocabulary: int, vectors: WordVectors, *, words: int, megabytes: float, seed: int
) -> dict[str, Any]:
    """Measure a domain; the format is above.

    Args:
        corpus: its folder, of documents.
        tokens: the folder of its tokens.
        vocabulary: how many entries the tokenizer has.
        vectors: the same for all domains.
        words: of an embedded sample.
        megabytes: of training text that are embedded, taken evenly by ``seed``.
        seed: the root of all randomness.

    Raises:
        PhasemixError: the domain is too small to be measured.
    """
    gathered, counted = (read_json(checksums_of(folder)) for folder in (corpus, tokens))
    found = entropies_of(tokens, vocabulary)
    texts = sample_documents(corpus / "documents.parquet", megabytes, seed, "embedded text")
    measured = asdict(embedding_entropy(texts, vectors, words))
    embedded = {name: json_value(value) for name, value in measured.items()}  # an error may not exist
    size = gathered["bytes"] - gathered["heldout_bytes"]
    return {
        "sha256": gathered["files"]["documents.parquet"],
        "documents": gathered["documents"] - gathered["heldout_documents"],
        "bytes": size,
        "repetitions": gathered["repetitions"],
        "tokens": found.tokens,
        "bytes_per_token": size / found.tokens,
        "heldout_tokens": counted["heldout_tokens"],
        **{name: gathered.get(name) for name in GATHERED},
        "entropies": {
            "shannon": found.shannon,
            "joint": found.joint,
            "conditional": found.conditional,
            "conditional_bias": found.conditional_bias,
            "von-neumann": embedded.pop("entropy"),
            **embedded,
        },
    }
