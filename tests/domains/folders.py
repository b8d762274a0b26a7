"""Tokens folders of documents that tests make up."""

from itertools import chain
from pathlib import Path

import numpy as np

from phasemix.base.files import checksums_of, write_checksums

END = 0


def write_folder(folder: Path, documents: list[list[int]], dtype: str = "<u2") -> Path:
    """Write documents of ids as the training split, each closed by the id 0."""
    folder.mkdir(parents=True, exist_ok=True)
    closed = [[*ids, END] for ids in documents]
    np.array(list(chain.from_iterable(closed)), dtype).tofile(folder / "train.bin")
    np.cumsum([0, *map(len, closed)]).astype("<i8").tofile(folder / "train.offsets.bin")
    write_checksums(checksums_of(folder), [folder / "train.bin", folder / "train.offsets.bin"], dtype=dtype)
    return folder
