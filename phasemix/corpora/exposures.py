"""Exposures: the endless sequence of texts that are made on the way, such as biographies.

An exposure is one text about one subject, as chance makes it. Who is shown when is an order's to say, how a text is
made the task's. Both are functions of the place in the sequence and of named seeds.
"""

from typing import Any, Protocol

import numpy as np

from phasemix.base.seeds import generator
from phasemix.corpora.ragged import begins
from phasemix.corpora.stream import Taken

EXPOSURES_PER_DRAW = 512  # drawn from one seed
TEXT_TOKENS = 100.0  # a first guess; it decides how many are encoded at a time, and no token
SPARE = 1.02  # encoded beyond the guess, so that one time is mostly enough

Draws = Any
"""What chance decides about n texts: a named tuple of arrays whose first dimension is n."""


class Order(Protocol):
    """Who is shown, and the name of the seed that words the texts."""

    @property
    def subjects(self) -> float:
        """How many are shown."""

    def draw(self, first: int) -> tuple[np.ndarray, int, tuple[str | int, ...]]:
        """The draw that holds exposure ``first``: its subjects, the place of ``first`` in it, and its seed's name."""


class Texts(Protocol):
    """Texts about subjects, each as chance makes it."""

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """What chance decides about ``n`` texts."""

    def encode(self, subjects: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of texts about these subjects, shape (n,), and each text's length, int64 of the same shape."""


class Exposures:
    """The stream of such texts (:class:`phasemix.corpora.stream.Stream`); a position counts exposures."""

    tokens = None  # they never end

    def __init__(self, texts: Texts, order: Order, seed: int) -> None:
        self._texts = texts
        self._order = order
        self._seed = seed
        self._length = TEXT_TOKENS

    def take(self, position: int, tokens: int) -> Taken:
        """Texts from exposure ``position`` on, ``tokens`` tokens in all.

        The last one is cut where the tokens end. It is no exposure then: the stream goes on with it, from its
        beginning. Only where not even the first one fits, it counts, so that the stream gets on.
        """
        found, found_lengths = [np.zeros(0, dtype=np.uint16)], [np.zeros(0, dtype=np.int64)]
        first, cut = position, False
        while tokens > 0:
            subjects, draws = self._drawn(position, int(tokens / self._length * SPARE) + 1)
            ids, lengths = self._texts.encode(subjects, draws)
            self._length = len(ids) / len(lengths)
            starts = begins(lengths)
            used = starts < tokens
            found.append(ids[:tokens])
            found_lengths.append(lengths[used].clip(max=tokens - starts[used]))
            position += len(found_lengths[-1])
            tokens -= len(found[-1])
            cut = bool(found_lengths[-1][-1] < lengths[used][-1])
        return Taken(np.concatenate(found), np.concatenate(found_lengths), max(position - cut, first + bool(cut)))

    def exposures(self, position: int) -> float:
        """Exposures so far per subject that is shown, on average."""
        return position / self._order.subjects

    def _drawn(self, first: int, count: int) -> tuple[np.ndarray, Draws]:
        """Who is shown in ``count`` exposures from ``first`` on, and what chance decided about each."""
        shown, decided = [], []
        while count > 0:
            subjects, skip, name = self._order.draw(first)
            draws = self._texts.draw(len(subjects), generator(self._seed, *name))
            kept = slice(skip, skip + count)
            shown.append(subjects[kept])
            decided.append(type(draws)(*(array[kept] for array in draws)))
            first += len(shown[-1])
            count -= len(shown[-1])
        return np.concatenate(shown), type(decided[0])(*map(np.concatenate, zip(*decided, strict=True)))
