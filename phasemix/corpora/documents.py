"""Text documents on disk: de-duplicated, with a held-out split.

Format of ``documents.parquet``: columns ``text`` (string) and ``heldout`` (bool), one row a document or passage. It is
one file, or a folder of such files, ``00000.parquet`` and so on, which are read in this order
(:mod:`phasemix.corpora.document_shards`). Whether a document is held out, with all its passages, is decided by the hash
of its text alone, so that no text is ever in both splits, whatever the order or the size of the corpus.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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


class Row(NamedTuple):
    """A row of ``documents.parquet``: its text and split, 64 bits of the hash of its text, and its size in bytes."""

    text: str
    heldout: bool
    digest: int
    size: int


def write_documents(texts: Iterable[str | Passage | None], heldout_fraction: float, path: str | Path) -> dict[str, int]:
    """Write ``texts``, empty ones and exact repetitions dropped, to ``path`` as one file (format above).

    Memory holds one group of rows and a hash per document (some 100 bytes each). Returns counts:
    documents and bytes of the whole and of the held-out split, and the repetitions that were dropped.

    Raises:
        PhasemixError: there is no text, or something that is not text.
    """
    seen: set[int] = set()
    counts = {"documents": 0, "bytes": 0, "heldout_documents": 0, "heldout_bytes": 0, "repetitions": 0}
    with documents_writer(path) as write:
        for row in document_rows(texts, heldout_fraction):
            if row.digest in seen:
                counts["repetitions"] += 1
                continue
            seen.add(row.digest)
            write(row)
            for prefix in ("", "heldout_")[: 1 + row.heldout]:
                counts[f"{prefix}documents"] += 1
                counts[f"{prefix}bytes"] += row.size
        if not counts["documents"]:
            raise PhasemixError("the source holds no text")
    return counts


def document_rows(texts: Iterable[str | Passage | None], heldout_fraction: float) -> Iterator[Row]:
    """Texts as rows, without empty ones; a document that was not cut is a passage of itself.

    Raises:
        PhasemixError: something is not text.
    """
    for text, document in _passages(texts):
        encoded = text.encode(errors="replace")
        digest = _digest(encoded)
        whole = digest if document is text else _digest(document.encode(errors="replace"))
        yield Row(encoded.decode(), whole < heldout_fraction * 2**64, digest, len(encoded))


@contextmanager
def documents_writer(path: str | Path) -> Iterator[Callable[[Row], None]]:
    """A function that writes a row to ``path``, which appears when the block succeeds."""
    group: list[tuple[str, bool]] = []
    with atomic(path) as temporary, pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:

        def flush() -> None:
            writer.write_table(documents_table(group))
            group.clear()

        def write(row: Row) -> None:
            group.append((row.text, row.heldout))
            if len(group) == ROWS_PER_GROUP:
                flush()

        yield write
        if group:
            flush()


def _passages(texts: Iterable[str | Passage | None]) -> Iterator[Passage]:
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


def document_files(path: str | Path) -> list[Path]:
    """The files of ``documents.parquet``, in order."""
    path = Path(path)
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def read_documents(path: str | Path, heldout: bool) -> Iterator[list[str]]:
    """The texts of one split of ``documents.parquet``, in lists of up to some thousands."""
    for texts in _texts(path, heldout):
        yield texts.to_pylist()


def _texts(path: str | Path, heldout: bool) -> Iterator[pa.Array]:
    for file in document_files(path):
        for batch in pq.ParquetFile(file).iter_batches(batch_size=ROWS_PER_GROUP):
            yield batch.filter(pc.equal(batch["heldout"], heldout))["text"]


def sample_documents(path: str | Path, megabytes: float, *seed: str | int) -> Iterator[str]:
    """About ``megabytes`` (10⁶ bytes) of the training split, taken evenly over the whole corpus by a named seed."""
    total = sum(pc.sum(pc.binary_length(texts)).as_py() or 0 for texts in _texts(path, heldout=False))
    rng = generator(*seed)
    for texts in read_documents(path, heldout=False):
        taken = rng.random(len(texts)) < megabytes * 1e6 / total
        yield from (text for text, take in zip(texts, taken, strict=True) if take)
