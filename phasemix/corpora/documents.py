"""Text documents on disk: de-duplicated, with a held-out split.

Format of ``documents.parquet``: columns ``text`` (string) and ``heldout`` (bool), one row a document or passage.
Whether a document is held out, with all its passages, is decided by the hash of its text alone, so that no text is
ever in both splits, whatever the order or the size of the corpus.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic
from phasemix.base.seeds import generator

SCHEMA = pa.schema([("text", pa.string()), ("heldout", pa.bool_())])
ROWS_PER_GROUP = 4096


class Passage(NamedTuple):
    """A part of a document, and the whole of it."""

    text: str
    document: str


def write_documents(texts: Iterable[str | Passage | None], heldout_fraction: float, path: str | Path) -> dict[str, int]:
    """Write ``texts``, empty ones and exact repetitions dropped, to ``path`` (format above).

    Memory holds one group of rows and a hash per document (some 100 bytes each). Returns counts:
    documents and bytes of the whole and of the held-out split, and the repetitions that were dropped.

    Raises:
        PhasemixError: there is no text, or something that is not text.
    """
    seen: set[int] = set()
    counts = {"documents": 0, "bytes": 0, "heldout_documents": 0, "heldout_bytes": 0, "repetitions": 0}
    group: list[tuple[str, bool]] = []
    with atomic(path) as temporary, pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:

        def flush() -> None:
            writer.write_table(documents_table(group))
            group.clear()

        for text, document in _passages(texts):
            encoded = text.encode(errors="replace")
            digest = _digest(encoded)
            if digest in seen:
                counts["repetitions"] += 1
                continue
            seen.add(digest)
            whole = digest if document is text else _digest(document.encode(errors="replace"))
            heldout = whole < heldout_fraction * 2**64
            group.append((encoded.decode(), heldout))
            for prefix in ("", "heldout_")[: 1 + heldout]:
                counts[f"{prefix}documents"] += 1
                counts[f"{prefix}bytes"] += len(encoded)
            if len(group) == ROWS_PER_GROUP:
                flush()
        if group:
            flush()
        if not counts["documents"]:
            raise PhasemixError("the source holds no text")
    return counts


def _passages(texts: Iterable[str | Passage | None]) -> Iterator[Passage]:
    """Texts as passages, without empty ones; a document that was not cut is one of itself."""
    for item in texts:
        if item is None:
            continue
        passage = item if isinstance(item, Passage) else Passage(item, item)
        if not isinstance(passage.text, str):
            raise PhasemixError(f"the column of texts holds {passage.text!r}, which is not text; name another column")
        if passage.text.strip():
            yield passage


def documents_table(rows: Sequence[tuple[str, bool]]) -> pa.Table:
    """Texts, and whether each is held out, as a group of rows of ``documents.parquet``."""
    columns = zip(zip(*rows, strict=True), SCHEMA.types, strict=True)
    return pa.table([pa.array(column, kind) for column, kind in columns], schema=SCHEMA)


def _digest(encoded: bytes) -> int:
    return int.from_bytes(hashlib.sha256(encoded).digest()[:8], "little")


def read_documents(path: str | Path, heldout: bool) -> Iterator[list[str]]:
    """The texts of one split of ``documents.parquet``, in lists of up to some thousands."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=ROWS_PER_GROUP):
        yield batch.filter(pc.equal(batch["heldout"], heldout))["text"].to_pylist()


def sample_documents(path: str | Path, megabytes: float, *seed: str | int) -> Iterator[str]:
    """About ``megabytes`` (10⁶ bytes) of the training split, taken evenly over the whole corpus by a named seed."""
    total = sum(len(text.encode()) for texts in read_documents(path, heldout=False) for text in texts)
    rng = generator(*seed)
    for texts in read_documents(path, heldout=False):
        taken = rng.random(len(texts)) < megabytes * 1e6 / total
        yield from (text for text, take in zip(texts, taken, strict=True) if take)
