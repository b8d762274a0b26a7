"""Tokenised web text, memory-mapped.

Format of a tokens folder: ``train.bin`` and ``heldout.bin``, the ids of all documents one after
another, each document closed by the end-of-text id, as little-endian uint16 (uint32 for
vocabularies above 65,536); ``train.offsets.bin``, int64, where each document begins, and the
total; ``checksums.json`` with ``dtype``, the counts ``train_tokens``, ``train_documents`` and
``heldout_tokens``, and the files' SHA-256.
"""

from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedTokenizerFast

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json, write_checksums
from phasemix.corpora.documents import read_documents
from phasemix.corpora.ragged import gather
from phasemix.corpora.tokenizer import encode_documents

FILES = ("train.bin", "train.offsets.bin", "heldout.bin")


def write_tokens(documents: str | Path, tokenizer: PreTrainedTokenizerFast, folder: str | Path) -> dict[str, int]:
    """Tokenise ``web.parquet`` into ``folder`` (format above); returns the counts."""
    folder = Path(folder)
    dtype = id_dtype(tokenizer)
    counts = {}
    for split in ("train", "heldout"):
        lengths: list[int] = []
        with atomic(folder / f"{split}.bin") as temporary, temporary.open("wb") as file:
            for texts in read_documents(documents, heldout=split == "heldout"):
                for ids in encode_documents(tokenizer, texts):
                    lengths.append(len(ids))
                    file.write(np.array(ids, dtype).tobytes())
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype("<i8")
        counts[f"{split}_tokens"] = int(offsets[-1])
        if split == "train":
            counts["train_documents"] = len(lengths)
            with atomic(folder / "train.offsets.bin") as temporary:
                offsets.tofile(temporary)
    write_checksums(folder / "checksums.json", [folder / name for name in FILES], dtype=dtype.str, **counts)
    return counts


def id_dtype(tokenizer: PreTrainedTokenizerFast) -> np.dtype[Any]:
    """The smallest type on disk that holds every id of a tokenizer."""
    return np.dtype("<u2" if len(tokenizer) <= 2**16 else "<u4")


class WebTokens:
    """The training split in the order of one seed: a stream of documents, each seen once."""

    def __init__(self, folder: str | Path, rng: np.random.Generator) -> None:
        folder = Path(folder)
        # A plain view: it stays memory-mapped, without the costs of np.memmap's own indexing.
        self._ids = np.asarray(np.memmap(folder / "train.bin", dtype=_dtype(folder), mode="r"))
        offsets = np.fromfile(folder / "train.offsets.bin", dtype="<i8")
        order = rng.permutation(len(offsets) - 1)
        self._starts = offsets[order]
        self._ends = np.cumsum(offsets[order + 1] - self._starts)

    @property
    def tokens(self) -> int:
        """How many tokens the stream holds."""
        return int(self._ends[-1])

    def documents(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Tokens ``[first, last)`` of the stream, and the documents they are (cut at both ends).

        Returns:
            The ids, shape (last − first,), and each document's length, int64 of shape (documents,).
        """
        if first == last:
            return self._ids[:0], np.zeros(0, dtype=np.int64)
        begin = int(np.searchsorted(self._ends, first, side="right"))
        end = int(np.searchsorted(self._ends, last)) + 1
        before = int(self._ends[begin - 1]) if begin else 0
        starts = self._starts[begin:end].copy()
        starts[0] += first - before
        lengths = np.diff(self._ends[begin:end].clip(max=last), prepend=first)
        return gather(self._ids, starts, lengths), lengths


def heldout_tokens(folder: str | Path, tokens: int) -> np.ndarray:
    """The first ``tokens`` + 1 ids of the held-out split (inputs and one more target), memory-mapped.

    Raises:
        PhasemixError: the split is shorter.
    """
    folder = Path(folder)
    ids = np.memmap(folder / "heldout.bin", dtype=_dtype(folder), mode="r")
    if len(ids) <= tokens:
        raise PhasemixError(
            f"{folder}: {len(ids):,} held-out tokens of web text, and the evaluation reads {tokens:,}:"
            " raise web.heldout_fraction or lower evaluation.web_tokens and evaluation.curve.tokens"
        )
    return ids[: tokens + 1]


def _dtype(folder: Path) -> np.dtype[Any]:
    return np.dtype(str(read_json(folder / "checksums.json")["dtype"]))
