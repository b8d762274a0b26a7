"""The corpus of plain text. Format of its folder: ``documents.parquet`` (:mod:`phasemix.corpora.documents`)."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from phasemix.corpora.documents import sample_documents, write_documents
from phasemix.tasks.text.texts import file_texts, hub_texts, installed_docs

Texts = Callable[..., Iterator[str]]
ORIGINS: dict[str, Texts] = {"installed-docs": installed_docs, "hub": hub_texts, "files": file_texts}


def write(options: Mapping[str, Any], folder: Path, seed: int, threads: int) -> dict[str, Any]:  # noqa: ARG001
    """Gather the text and write it into ``folder``; returns what its checksums say beside.

    Raises:
        PhasemixError: it cannot be read, or there is none.
    """
    origin = options["origin"]
    parallel = {"threads": threads} if origin == "installed-docs" else {}
    texts = ORIGINS[origin](**options[origin.replace("-", "_")], **parallel)
    return write_documents(texts, options["heldout_fraction"], folder / "documents.parquet")


def sample(options: Mapping[str, Any], corpus: Path, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of the training split, taken evenly over the whole corpus."""
    return sample_documents(corpus / "documents.parquet", megabytes, *seed, "tokenizer web text")
