"""How often tokens and pairs of adjacent tokens occur, counted exactly in one pass and in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.domains.sorted_runs import ENTRIES, Run, SortedRuns
from phasemix.domains.text_blocks import GAP

DENSE = 2048
"""The greatest vocabulary whose pairs are counted in a table of all of them, which then takes 32 MB."""


@dataclass(frozen=True)
class Counts:
    """What was counted.

    Attributes:
        tokens: how often each token occurs, int64 of shape (vocabulary,).
        firsts: how often each token is the first of a pair, int64 of shape (vocabulary,).
        pairs: gives the pairs that occur, in blocks of ascending keys, ``first · vocabulary + second``, with their
            counts; both int64. It can be called again.
    """

    tokens: np.ndarray
    firsts: np.ndarray
    pairs: Callable[[], Iterator[Run]]


@contextmanager
def counted(blocks: Iterable[np.ndarray], vocabulary: int, entries: int = ENTRIES) -> Iterator[Counts]:
    """Count the tokens and the pairs of a text; temporary files that this needs are there until the context ends.

    Args:
        blocks: ids with gaps between documents (:func:`phasemix.domains.text_blocks.text_blocks`). The first token of a
            block follows the last one of the block before. No pair reaches over a gap.
        vocabulary: how many different ids there can be.
        entries: how many different pairs stay in memory if the vocabulary is larger than :data:`DENSE`.

    Raises:
        PhasemixError: an id lies outside the vocabulary.
    """
    tokens, firsts = np.zeros((2, vocabulary), dtype=np.int64)
    last = np.full(1, GAP)
    with TemporaryDirectory() as folder:
        pairs = _Table(vocabulary**2) if vocabulary <= DENSE else SortedRuns(Path(folder), entries)
        for block in blocks:
            if (largest := block.max(initial=GAP)) >= vocabulary:
                raise PhasemixError(
                    f"a token has the id {largest:,}, and the vocabulary has {vocabulary:,} entries: they belong to"
                    " different tokenizers"
                )
            run = np.concatenate([last, block])
            last = run[-1:]
            adjacent = (run[:-1] != GAP) & (run[1:] != GAP)
            first, second = run[:-1][adjacent], run[1:][adjacent]
            tokens += np.bincount(block[block != GAP], minlength=vocabulary)
            firsts += np.bincount(first, minlength=vocabulary)
            pairs.add(first * vocabulary + second)
        yield Counts(tokens, firsts, pairs.blocks)


class _Table:
    """Counts of keys that are few: one place for each."""

    def __init__(self, keys: int) -> None:
        self._counts = np.zeros(keys, dtype=np.int64)

    def add(self, keys: np.ndarray) -> None:
        """See :meth:`SortedRuns.add`."""
        self._counts += np.bincount(keys, minlength=len(self._counts))

    def blocks(self) -> Iterator[Run]:
        """See :meth:`SortedRuns.blocks`."""
        seen = np.flatnonzero(self._counts)
        yield seen, self._counts[seen]
