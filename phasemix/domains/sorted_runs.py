"""Counts of any number of different keys in bounded memory: sorted runs, on disk where memory does not hold them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

ENTRIES = 2**22
"""How many keys stay in memory: they take 16 bytes each with their counts, and while they are merged 56 bytes."""

Run = tuple[np.ndarray, np.ndarray]
"""Different keys in ascending order, and how often each was seen; both int64 of shape (keys,)."""


class SortedRuns:
    """Counts keys that come in any order.

    Every call of :meth:`add` leaves a sorted run. When the runs in memory hold more than ``entries`` keys, they are
    merged, and if more than half as many are left, the merged run moves to disk. So memory holds some ``entries`` keys
    and those of one call.

    Args:
        folder: where runs are written; it must exist, and whoever made it removes it.
        entries: how many keys stay in memory, and how many :meth:`blocks` merges at once.
    """

    def __init__(self, folder: Path, entries: int = ENTRIES) -> None:
        self._folder = folder
        self._entries = entries
        self._held: list[Run] = []
        self._written: list[Run] = []

    def add(self, keys: np.ndarray) -> None:
        """Count every one of these keys, int64 of shape (n,), once more."""
        self._held.append(np.unique(keys, return_counts=True))
        if sum(len(run) for run, _ in self._held) > self._entries:
            self._held = [_merged(self._held)]
            if len(self._held[0][0]) > self._entries // 2:
                self._written.append(self._on_disk(self._held.pop()))

    def blocks(self) -> Iterator[Run]:
        """All keys with their counts, in blocks of ascending keys; every key stands in one block alone."""
        runs = [*self._written, *self._held]
        step = max(1, self._entries // max(1, len(runs)))
        places = [0] * len(runs)
        while any(place < len(keys) for place, (keys, _) in zip(places, runs, strict=True)):
            # Below the least of these keys no run has more than `step` entries left.
            limits = [
                keys[place + step] for place, (keys, _) in zip(places, runs, strict=True) if place + step < len(keys)
            ]
            ends = [int(np.searchsorted(keys, min(limits))) if limits else len(keys) for keys, _ in runs]
            spans = [slice(place, end) for place, end in zip(places, ends, strict=True)]
            yield _merged([(keys[span], counts[span]) for span, (keys, counts) in zip(spans, runs, strict=True)])
            places = ends

    def _on_disk(self, run: Run) -> Run:
        """The same run, memory-mapped."""
        paths = [self._folder / f"{len(self._written)}.{name}.npy" for name in ("keys", "counts")]
        for path, column in zip(paths, run, strict=True):
            np.save(path, column)
        keys, counts = (np.load(path, mmap_mode="r") for path in paths)
        return keys, counts


def _merged(runs: Sequence[Run]) -> Run:
    """One run of all."""
    keys, counts = (np.concatenate(columns) for columns in zip(*runs, strict=True))
    order = np.argsort(keys, kind="stable")  # it is fastest where sorted runs stand one after another
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    return keys[first], np.add.reduceat(counts, first) if len(first) else counts
