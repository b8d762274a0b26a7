"""How much text domains share: runs of tokens that occur in both, told from a sketch of each domain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from phasemix.domains.text_blocks import GAP, text_blocks

LENGTH = 13
"""Tokens of a run: 13 (of words) tell contamination in GPT-3 (Brown et al. 2020, arXiv 2005.14165, appendix C)."""
ONE_IN = 64
"""Of so many different runs, one is kept."""
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no token is lost in the products


@dataclass(frozen=True)
class Overlap:
    """Shared text of every ordered pair of domains.

    Attributes:
        domains: m names.
        shares: the share of the row's different runs that occur in the column's domain, float64 of shape (m, m). A row
            is NaN if its sketch is empty.
        sketched: how many runs each sketch holds, int64 of shape (m,). A share p of n runs has a standard error of some
            √(p(1 − p)/n).
    """

    domains: tuple[str, ...]
    shares: np.ndarray
    sketched: np.ndarray


def overlap_of(tokens_folders: Mapping[str, str | Path], length: int = LENGTH, one_in: int = ONE_IN) -> Overlap:
    """Compare the training splits of domains that one tokenizer has made (format: :mod:`phasemix.corpora.tokens`).

    Args:
        tokens_folders: by domain.
        length: tokens of a run; runs lie within documents, without the end-of-text ids that close them.
        one_in: see :func:`sketch`.
    """
    return shared({domain: sketch(text_blocks(folder), length, one_in) for domain, folder in tokens_folders.items()})


def sketch(blocks: Iterable[np.ndarray], length: int = LENGTH, one_in: int = ONE_IN) -> np.ndarray:
    """The hashes of a domain's different runs that ``one_in`` divides: uint64, ascending.

    This is FracMinHash (Irber et al. 2022, bioRxiv 2022.01.11.475838): whether a run is kept depends on its hash alone,
    so the same runs are kept in all domains, and shares in sketches estimate shares in domains whose sizes differ.
    Memory holds up to some 50 bytes for each kept run, while they are sorted.

    Args:
        blocks: ids with gaps between documents (:func:`phasemix.domains.text_blocks.text_blocks`).
        length: tokens of a run.
        one_in: 1 keeps every run.
    """
    kept = np.zeros(0, dtype=np.uint64)
    waiting: list[np.ndarray] = []
    before = np.zeros(0, dtype=np.int64)
    for block in blocks:
        run = np.concatenate([before, block])
        before = run[max(0, len(run) - length + 1) :]
        waiting.append(_kept(run, length, one_in))
        if sum(map(len, waiting)) > len(kept):  # so that everything is sorted only a few times
            kept = np.unique(np.concatenate([kept, *waiting]))
            waiting = []
    return np.unique(np.concatenate([kept, *waiting]))


def shared(sketches: Mapping[str, np.ndarray]) -> Overlap:
    """Compare sketches that were made with the same ``length`` and ``one_in``."""
    sketched = np.array([len(each) for each in sketches.values()], dtype=np.int64)
    common = [
        [len(np.intersect1d(mine, other, assume_unique=True)) for other in sketches.values()]
        for mine in sketches.values()
    ]
    shares = np.full((len(sketches), len(sketches)), np.nan)
    np.divide(np.array(common, dtype=float), sketched[:, None], out=shares, where=sketched[:, None] > 0)
    return Overlap(tuple(sketches), shares, sketched)


def _kept(run: np.ndarray, length: int, one_in: int) -> np.ndarray:
    """The hashes to be kept of all windows of ``length`` ids without a gap, in their order."""
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
    return hashes[hashes % np.uint64(one_in) == 0]


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Scatter uint64 numbers one to one, so that all bits depend on all (splitmix64; Steele, Lea and Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(numbers ^ (numbers >> np.uint64(31)))
