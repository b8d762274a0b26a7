"""Documents gathered in shards, side by side, of which a job that is cut off need not gather those that are finished.

The shards are the files of ``documents.parquet`` (:mod:`phasemix.corpora.documents`): they hold the same documents, in
the same order, as one file would, exact repetitions dropped over all of them. Memory holds a group of rows of every
shard that is being gathered, and 13 bytes of each of its documents; while repetitions are looked for, a part of all
hashes, and then what is known of the rows of one shard.

Format of what a job leaves below ``folder/unfinished``, where the next one finds it: ``gathered/<number>.parquet``, a
shard with its repetitions, and ``gathered/<number>.npy``, of each of its rows the 64-bit hash, the size in bytes, and
whether it is held out (fields ``digest``, ``size`` and ``heldout``); ``repeated/<number>.npy``, the numbers of its rows
that are dropped.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import UNFINISHED, atomic, write_array
from phasemix.base.side_by_side import side_by_side
from phasemix.corpora.documents import SCHEMA, document_rows, documents_writer

Texts = Callable[[int], Iterable[str | None]]
"""From the number of a shard to its texts; it can be pickled."""
ROW = np.dtype([("digest", "<u8"), ("size", "<u4"), ("heldout", "?")])
PACKED = struct.Struct("<QI?")  # the same
COMPARED = 2**24  # hashes that are compared at a time


def write_document_shards(
    texts: Texts, shards: int, heldout_fraction: float, folder: Path, threads: int
) -> dict[str, int]:
    """Gather every shard and write ``documents.parquet`` into ``folder``.

    Args:
        texts: of each shard.
        shards: how many there are.
        heldout_fraction: of all documents.
        folder: it may hold what an earlier call with the same arguments left.
        threads: shards that are gathered at once, each in a process of its own.

    Returns:
        the counts of :func:`phasemix.corpora.documents.write_documents`.

    Raises:
        PhasemixError: there is no text, or something that is not text.
    """
    gathered, repeated = folder / UNFINISHED / "gathered", folder / UNFINISHED / "repeated"
    missing = [number for number in range(shards) if not _rows_file(gathered, number).exists()]
    side_by_side(partial(_gather, texts, heldout_fraction, gathered), missing, threads, "gathered shards")
    rows = [np.load(_rows_file(gathered, number), mmap_mode="r") for number in range(shards)]
    if not sum(map(len, rows)):
        raise PhasemixError("the source holds no text")
    drops = repetitions([each["digest"] for each in rows])
    for number, dropped in enumerate(drops):
        write_array(_rows_file(repeated, number), dropped)
    documents = folder / "documents.parquet"
    missing = [number for number in range(shards) if not _shard_file(documents, number).exists()]
    documents.mkdir(exist_ok=True)
    for number in missing:
        if not len(drops[number]):
            _shard_file(gathered, number).replace(_shard_file(documents, number))
    less = [number for number in missing if len(drops[number])]
    side_by_side(partial(_keep, gathered, repeated, documents), less, threads, "shards without repetitions")
    return _counts(rows, drops)


def repetitions(digests: Sequence[np.ndarray], compared: int = COMPARED) -> list[np.ndarray]:
    """The documents that repeat an earlier one, of the same shard or of one before.

    They are looked for in turn among those whose hashes begin alike, so that memory holds about ``compared`` hashes.

    Args:
        digests: the hashes of each shard's documents, uint64 of shape (documents,).
        compared: hashes that are compared at a time.

    Returns:
        of each shard the numbers of these documents in rising order, int64.
    """
    total = sum(map(len, digests))
    bits = max(0, (total // compared)).bit_length()
    found: list[list[np.ndarray]] = [[] for _ in digests]
    for part in range(2**bits):
        chosen = [np.flatnonzero(_first_bits(each, bits) == part) for each in digests]
        hashes = np.concatenate([each[rows] for each, rows in zip(digests, chosen, strict=True)])
        first = np.zeros(len(hashes), dtype=bool)
        first[np.unique(hashes, return_index=True)[1]] = True
        ends = np.cumsum([len(rows) for rows in chosen])[:-1]
        for dropped, rows, kept in zip(found, chosen, np.split(first, ends), strict=True):
            dropped.append(rows[~kept])
    return [np.sort(np.concatenate(dropped)) for dropped in found]


def _first_bits(hashes: np.ndarray, bits: int) -> np.ndarray:
    return hashes >> np.uint64(64 - bits) if bits else np.zeros_like(hashes)


def _gather(texts: Texts, heldout_fraction: float, folder: Path, number: int) -> None:
    rows = bytearray()
    with documents_writer(_shard_file(folder, number)) as write:
        for row in document_rows(texts(number), heldout_fraction):
            write(row)
            rows += PACKED.pack(row.digest, row.size, row.heldout)
    write_array(_rows_file(folder, number), np.frombuffer(rows, ROW))


def _keep(gathered: Path, repeated: Path, documents: Path, number: int) -> None:
    """Write a shard without its repetitions."""
    dropped, source = np.load(_rows_file(repeated, number)), _shard_file(gathered, number)
    file, first = pq.ParquetFile(source), 0
    with (
        atomic(_shard_file(documents, number)) as temporary,
        pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer,
    ):
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            kept = np.ones(len(table), dtype=bool)
            kept[dropped[(dropped >= first) & (dropped < first + len(table))] - first] = False
            writer.write_table(table.filter(kept))
            first += len(table)
    source.unlink()


def _counts(rows: Sequence[np.ndarray], drops: Sequence[np.ndarray]) -> dict[str, int]:
    counts = dict.fromkeys(("documents", "bytes", "heldout_documents", "heldout_bytes"), 0)
    for each, dropped in zip(rows, drops, strict=True):
        kept = np.delete(each, dropped)
        for prefix, some in (("", kept), ("heldout_", kept[kept["heldout"]])):
            counts[f"{prefix}documents"] += len(some)
            counts[f"{prefix}bytes"] += int(some["size"].sum(dtype=np.int64))
    return counts | {"repetitions": sum(map(len, drops))}


def _shard_file(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.parquet"


def _rows_file(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.npy"
