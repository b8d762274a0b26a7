"""The corpus of plain text.

Format of its folder: ``documents.parquet`` (:mod:`phasemix.corpora.documents`), a folder if the text is gathered in
several shards; and of a source that has a family ``signatures.npy`` (:mod:`phasemix.tasks.text.near_duplicates`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from phasemix.corpora.document_shards import write_document_shards
from phasemix.corpora.documents import sample_documents, write_documents
from phasemix.tasks.text.installed import installed
from phasemix.tasks.text.near_duplicates import NearDuplicates
from phasemix.tasks.text.passages import shuffled_passages
from phasemix.tasks.text.texts import file_texts, hub_texts

Texts = Callable[..., Iterator[str]]
ORIGINS: dict[str, Texts] = {"installed": installed, "hub": hub_texts, "files": file_texts}


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,  # noqa: ARG001 (others need it)
    threads: int,
    relatives: Sequence[Path],
) -> dict[str, Any]:
    """Gather the text and write it into ``folder``; returns what its checksums say beside.

    ``relatives`` are the corpora of its family that come before it. Shards that an earlier try left in ``folder`` are
    not gathered again.

    Raises:
        PhasemixError: it cannot be read, or there is none.
    """
    shards = options[options["origin"]].get("shards", 1)
    if shards > 1:
        return write_document_shards(
            partial(_shard, options, shards), shards, options["heldout_fraction"], folder, threads
        )
    texts = _texts(options, {"threads": threads} if options["origin"] == "installed" else {})
    duplicates = NearDuplicates(relatives) if options["family"] else None
    kept = duplicates.without(texts) if duplicates else texts
    cut = shuffled_passages(kept, options["passages"]) if options["passages"] else kept
    facts = write_documents(cut, options["heldout_fraction"], folder / "documents.parquet")
    if duplicates:
        duplicates.write(folder)
        facts |= {
            "documents_read": duplicates.documents,
            "near_duplicates": duplicates.own,
            "near_duplicates_of_relatives": duplicates.of_relatives,
        }
    return facts


def _shard(options: Mapping[str, Any], shards: int, number: int) -> Iterator[str]:
    return _texts(options, {"shard": number, "shards": shards})


def _texts(options: Mapping[str, Any], how: Mapping[str, Any]) -> Iterator[str]:
    origin = options["origin"]
    texts = ORIGINS[origin](**options[origin] | how)
    return without(texts, options["without"]) if options.get("without") else texts


def without(texts: Iterable[str], word: str) -> Iterator[str]:
    """The texts in which a word does not occur, be it in capitals or not; what is no text is not looked at."""
    found = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    return (text for text in texts if not (isinstance(text, str) and found.search(text)))


def sample(options: Mapping[str, Any], corpus: Path, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of the training split, taken evenly over the whole corpus."""
    return sample_documents(corpus / "documents.parquet", megabytes, *seed, "tokenizer web text")
