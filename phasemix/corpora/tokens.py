"""Tokenised documents, memory-mapped.

Format of a tokens folder: ``train.bin`` and ``heldout.bin``, the ids of all documents one after
another, each document closed by the end-of-text id, as little-endian uint16 (uint32 for
vocabularies above 65,536); ``train.offsets.bin``, int64, where each document begins, and the
total; beside the folder ``<folder>.checksums.json`` with ``dtype``, the counts ``train_tokens``,
``train_documents`` and ``heldout_tokens``, and the files' SHA-256.
"""

import shutil
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.files import UNFINISHED, atomic, checksums_of, read_json, write_checksums
from phasemix.base.seeds import generator
from phasemix.base.side_by_side import side_by_side
from phasemix.corpora.document_influences import DocumentInfluences
from phasemix.corpora.documents import document_files, read_documents
from phasemix.corpora.ragged import gather
from phasemix.corpora.stream import Taken
from phasemix.corpora.tokenizer import Tokenizer

FILES = ("train.bin", "train.offsets.bin", "heldout.bin")
COPIED = 2**24  # bytes at a time


def write_tokens(documents: str | Path, tokenizer: Tokenizer, folder: str | Path) -> dict[str, int]:
    """Tokenise ``documents.parquet`` into ``folder`` (format above); returns the counts.

    Its files, if it is a folder of them, are tokenised side by side, as many at once as the tokenizer has threads.
    Those that are finished stand in ``folder/unfinished`` meanwhile, where a later call with the same arguments finds
    them.
    """
    folder = Path(folder)
    dtype = id_dtype(tokenizer)
    files, parts = document_files(documents), folder / UNFINISHED
    if len(files) == 1:
        _tokenise(tokenizer, files[0], parts / "0")
    else:
        missing = [number for number in range(len(files)) if not (parts / str(number)).exists()]
        work = partial(_tokenise_file, tokenizer.folder, files, parts)
        side_by_side(work, missing, tokenizer.threads, "tokenised shards")
    counts = {}
    for split in ("train", "heldout"):
        lengths = _joined(folder / f"{split}.bin", [parts / str(number) for number in range(len(files))])
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype("<i8")
        counts[f"{split}_tokens"] = int(offsets[-1])
        if split == "train":
            counts["train_documents"] = len(lengths)
            with atomic(folder / "train.offsets.bin") as temporary:
                offsets.tofile(temporary)
    write_checksums(checksums_of(folder), [folder / name for name in FILES], dtype=dtype.str, **counts)
    shutil.rmtree(parts)
    return counts


def _tokenise_file(tokenizer: Path, files: list[Path], parts: Path, number: int) -> None:
    """What a process of its own does with one of the files."""
    _tokenise(_opened(tokenizer), files[number], parts / str(number))


@cache
def _opened(tokenizer: Path) -> Tokenizer:
    return Tokenizer(tokenizer, threads=1)


def _tokenise(tokenizer: Tokenizer, documents: Path, part: Path) -> None:
    """Of each split the ids, ``<split>.bin``, and the length of every document, int64, ``<split>.lengths.bin``."""
    dtype = id_dtype(tokenizer)
    with atomic(part) as temporary:
        temporary.mkdir()
        for split in ("train", "heldout"):
            with (
                (temporary / f"{split}.bin").open("wb") as ids,
                (temporary / f"{split}.lengths.bin").open("wb") as ends,
            ):
                for texts in read_documents(documents, heldout=split == "heldout"):
                    found, lengths = tokenizer.encode_flat(texts)
                    ids.write(found.astype(dtype).tobytes())
                    ends.write(lengths.astype("<i8").tobytes())


def _joined(path: Path, parts: list[Path]) -> np.ndarray:
    """Lay the ids of all parts one after another into ``path``; returns the documents' lengths."""
    with atomic(path) as temporary, temporary.open("wb") as whole:
        for part in parts:
            with (part / path.name).open("rb") as file:
                shutil.copyfileobj(file, whole, COPIED)
    return np.concatenate([np.fromfile(part / f"{path.stem}.lengths.bin", dtype="<i8") for part in parts])


def id_dtype(tokenizer: Tokenizer) -> np.dtype[Any]:
    """The smallest type on disk that holds every id of a tokenizer."""
    return np.dtype("<u2" if len(tokenizer) <= 2**16 else "<u4")


class TrainingDocuments:
    """The training split, memory-mapped: its ``ids``, and where each document begins among them, ``offsets``."""

    def __init__(self, folder: str | Path) -> None:
        folder = Path(folder)
        # A plain view: it stays memory-mapped, without the costs of np.memmap's own indexing.
        self.ids = np.asarray(np.memmap(folder / "train.bin", dtype=_dtype(folder), mode="r"))
        self.offsets = np.fromfile(folder / "train.offsets.bin", dtype="<i8")

    @property
    def count(self) -> int:
        """How many documents there are."""
        return len(self.offsets) - 1

    def first(self, tokens: int) -> int:
        """How many of the first documents hold at least so many tokens; all, if they hold less."""
        return min(int(np.searchsorted(self.offsets, tokens)), self.count)

    def read(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The ids of documents, one after another, and each one's length, int64 of shape (documents,)."""
        starts = self.offsets[numbers]
        lengths = self.offsets[numbers + 1] - starts
        return gather(self.ids, starts, lengths), lengths


class DocumentStream:
    """The training split as a stream (:class:`phasemix.corpora.stream.Stream`); a position counts tokens.

    Documents come in an order of the seed, each once; with ``repeat``, epoch after epoch, each in a fresh order. Of a
    split that is longer than ``read_tokens``, its first documents are read that hold so many, and no others.
    """

    def __init__(self, folder: str | Path, seed: int, repeat: bool = False, read_tokens: int | None = None) -> None:
        documents = TrainingDocuments(folder)
        read = documents.first(read_tokens) if read_tokens else documents.count
        self._ids, self._offsets = documents.ids, documents.offsets[: read + 1]
        self._seed = seed
        self._repeat = repeat
        self._influences: DocumentInfluences | None = None
        self._epoch: tuple[int, np.ndarray, np.ndarray] | None = None

    def prefer(self, influences: DocumentInfluences) -> None:
        """Draw documents of more influence more often from here on; to be called before anything is taken."""
        self._influences = influences

    @property
    def tokens(self) -> int | None:
        """How many tokens it holds; None if they repeat."""
        return None if self._repeat else int(self._offsets[-1])

    def exposures(self, position: int) -> float:
        """How often every token has been read, on average."""
        return position / int(self._offsets[-1])

    def take(self, position: int, tokens: int) -> Taken:
        """The next ``tokens`` tokens, the documents at both ends cut where they must be.

        Raises:
            PhasemixError: it ends before that.
        """
        found, found_lengths = [self._ids[:0]], [np.zeros(0, dtype=np.int64)]
        whole, last = int(self._offsets[-1]), position + tokens
        if last > whole and not self._repeat:
            raise PhasemixError(f"the text ends after {whole:,} tokens, and {last:,} are asked for: give more text")
        while position < last:
            epoch, first = divmod(position, whole)
            ids, lengths = self._span(epoch, first, min(first + last - position, whole))
            found.append(ids)
            found_lengths.append(lengths)
            position += len(ids)
        return Taken(np.concatenate(found), np.concatenate(found_lengths), position)

    def _order(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Where each document of an epoch begins on disk, and where it ends in the stream; some may end after it."""
        if self._epoch is None or self._epoch[0] != epoch:
            rng = generator(self._seed, "epoch", epoch) if epoch else generator(self._seed)
            lengths = np.diff(self._offsets)
            order = self._influences.drawn(lengths, rng) if self._influences else rng.permutation(len(lengths))
            starts = self._offsets[order]
            self._epoch = epoch, starts, np.cumsum(self._offsets[order + 1] - starts)
        return self._epoch[1:]

    def _span(self, epoch: int, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Tokens ``[first, last)`` of an epoch, first < last: the ids, and each document's length."""
        every_start, ends = self._order(epoch)
        begin = int(np.searchsorted(ends, first, side="right"))
        end = int(np.searchsorted(ends, last)) + 1
        before = int(ends[begin - 1]) if begin else 0
        starts = every_start[begin:end].copy()
        starts[0] += first - before
        lengths = np.diff(ends[begin:end].clip(max=last), prepend=first)
        return gather(self._ids, starts, lengths), lengths


def heldout_tokens(folder: str | Path, tokens: int) -> np.ndarray:
    """The first ``tokens`` + 1 ids of the held-out split (inputs and one more target), memory-mapped.

    Raises:
        PhasemixError: the split is shorter.
    """
    ids = heldout_ids(folder)
    if len(ids) <= tokens:
        raise PhasemixError(
            f"{folder}: {len(ids):,} held-out tokens, and the evaluation reads {tokens:,}: raise heldout_fraction of"
            " this source, or lower evaluation.loss_tokens and evaluation.curve.loss_tokens"
        )
    return ids[: tokens + 1]


def heldout_ids(folder: str | Path) -> np.ndarray:
    """All ids of the held-out split, memory-mapped."""
    folder = Path(folder)
    return np.memmap(folder / "heldout.bin", dtype=_dtype(folder), mode="r")


def _dtype(folder: Path) -> np.dtype[Any]:
    return np.dtype(str(read_json(checksums_of(folder))["dtype"]))
