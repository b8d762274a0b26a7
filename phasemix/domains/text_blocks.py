"""The training text of a tokens folder in blocks, with gaps where documents end."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from phasemix.base.files import checksums_of, read_json

GAP = -1
"""What stands in a block for the end-of-text id that closes a document."""
BLOCK = 2**20


def text_blocks(folder: str | Path, tokens: int = BLOCK) -> Iterator[np.ndarray]:
    """Read the training split of a tokens folder (format: :mod:`phasemix.corpora.tokens`) in its order.

    The closing end-of-text ids are found by the offsets, so an equal id inside a text stays what it is. A document may
    reach over several blocks, and its tokens stay neighbours: no gap stands between blocks.

    Yields:
        The ids of up to ``tokens`` tokens, int64; :data:`GAP` in the place of every closing end-of-text id.
    """
    folder = Path(folder)
    ends = np.fromfile(folder / "train.offsets.bin", dtype="<i8")[1:]
    if not ends.size:  # an empty file cannot be mapped
        return
    dtype = np.dtype(str(read_json(checksums_of(folder))["dtype"]))
    ids = np.asarray(np.memmap(folder / "train.bin", dtype=dtype, mode="r"))
    for first in range(0, len(ids), tokens):
        block = ids[first : first + tokens].astype(np.int64)
        low, high = np.searchsorted(ends, [first + 1, first + len(block) + 1])
        block[ends[low:high] - 1 - first] = GAP
        yield block
