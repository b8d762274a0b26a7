"""How much text domains share: runs of tokens that occur in both, told from a sketch of each domain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from phasemix.domains.text_blocks import GAP

LENGTH = 13
"""Tokens of a run: 13 (of words) tell contamination in GPT-3 (Brown et al. 2020, arXiv 2005.14165, appendix C)."""
ONE_IN = 64
"""Of so many different runs, one is kept, or fewer of a large domain."""
MOST = 2**22
"""Hashes that a sketch keeps at most: 32 MB."""
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no token is lost in the products


@dataclass(frozen=True)
class Overlap:
    """Shared text of every ordered pair of domains.

    Attributes:
        domains: m names.
        shares: the share of the row's different runs that occur in the column's domain, float64 of shape (m, m). A row
            is NaN if its sketch is empty.
        sketched: how many runs tell each share, int64 of shape (m, m). A share p of n runs has a standard error of some
            √(p(1 − p)/n).
    """

    domains: tuple[str, ...]
    shares: np.ndarray
    sketched: np.ndarray


def sketch(blocks: Iterable[np.ndarray], length: int = LENGTH, one_in: int = ONE_IN, most: int = MOST) -> np.ndarray:
    """The least hashes of a domain's different runs, behind the bound below which they are complete: uint64, ascending.

    This is FracMinHash (Irber et al. 2022, bioRxiv 2022.01.11.475838): whether a run is kept depends on its hash alone,
    so the same runs are kept in all domains, and shares in sketches estimate shares in domains whose sizes differ. The
    bound is 2⁶⁴ / ``one_in``, and is halved until no more than ``most`` runs are kept, so memory is bounded.

    Args:
        blocks: ids with gaps between documents (:func:`phasemix.domains.text_blocks.text_blocks`).
        length: tokens of a run.
        one_in: 1 keeps every run.
        most: hashes that are kept.

    Returns:
        The bound, and after it the hashes; shape (1 + kept,).
    """
    bound = np.uint64((2**64 - 1) // one_in)
    kept = np.zeros(0, dtype=np.uint64)
    waiting: list[np.ndarray] = []
    before = np.zeros(0, dtype=np.int64)
    for block in blocks:
        run = np.concatenate([before, block])
        before = run[max(0, len(run) - length + 1) :]
        waiting.append(_kept(run, length, bound))
        if sum(map(len, waiting)) > len(kept):  # so that everything is sorted only a few times
            kept, bound = _least(np.concatenate([kept, *waiting]), bound, most)
            waiting = []
    kept, bound = _least(np.concatenate([kept, *waiting]), bound, most)
    return np.concatenate([[bound], kept])


def shared(sketches: Mapping[str, np.ndarray]) -> Overlap:
    """Compare sketches that were made with the same ``length``, each pair below the lower bound of the two."""
    count = len(sketches)
    shares, sketched = np.full((count, count), np.nan), np.zeros((count, count), dtype=np.int64)
    for (i, mine), (j, other) in product(enumerate(sketches.values()), repeat=2):
        bound = min(mine[0], other[0])
        own, others = (each[1:][each[1:] <= bound] for each in (mine, other))
        sketched[i, j] = len(own)
        if len(own):
            shares[i, j] = len(np.intersect1d(own, others, assume_unique=True)) / len(own)
    return Overlap(tuple(sketches), shares, sketched)


def _least(hashes: np.ndarray, bound: np.uint64, most: int) -> tuple[np.ndarray, np.uint64]:
    """The different ones, below a bound that leaves at most so many, and that bound."""
    found = np.unique(hashes)
    while len(found) > most:
        bound = np.uint64(bound // np.uint64(2))
        found = found[found <= bound]
    return found, bound


def _kept(run: np.ndarray, length: int, bound: np.uint64) -> np.ndarray:
    """The hashes up to a bound of all windows of ``length`` ids without a gap, in their order."""
    if len(run) < length:
        return np.zeros(0, dtype=np.uint64)
    gaps = np.concatenate([[0], np.cumsum(run == GAP)])
    whole = gaps[length:] == gaps[:-length]
    tokens = _mixed(run.astype(np.uint64))
    hashes = np.zeros(len(whole), dtype=np.uint64)
    for place in range(length):  # a polynomial modulo 2⁶⁴
        hashes *= BASE
        hashes += tokens[place : place + len(whole)]
    hashes = _mixed(hashes[whole])  # the last bits of a polynomial are made of the last bits of tokens alone
    return np.asarray(hashes[hashes <= bound])


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Scatter uint64 numbers one to one, so that all bits depend on all (splitmix64; Steele, Lea and Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(numbers ^ (numbers >> np.uint64(31)))
