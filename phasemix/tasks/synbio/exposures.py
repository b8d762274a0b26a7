"""Exposures: the endless sequence of texts about people that training shows, and who is shown when.

An exposure is one text about one person, such as a biography, its sentences freshly shuffled and worded. Everybody is
shown once an epoch, each epoch in a fresh order; or people stand in groups of different frequency, each group's
exposures going through its people epoch by epoch in the same way.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from phasemix.base.seeds import generator
from phasemix.corpora.ragged import begins
from phasemix.corpora.segments import apportion
from phasemix.corpora.stream import Taken
from phasemix.tasks.synbio.people import Draws

EXPOSURES_PER_DRAW = 512  # drawn from one seed
TEXT_TOKENS = 100.0  # a first guess; it decides how many are encoded at a time, and no token
SPARE = 1.02  # encoded beyond the guess, so that one time is mostly enough


class Order(Protocol):
    """Who is shown, and the name of the seed that words the texts."""

    @property
    def people(self) -> int:
        """How many are shown."""

    def draw(self, first: int) -> tuple[np.ndarray, int, tuple[str | int, ...]]:
        """The draw that holds exposure ``first``: its persons, the place of ``first`` in it, and its seed's name."""


class Texts(Protocol):
    """Texts about people, each as chance makes it."""

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """What chance decides about ``n`` texts."""

    def encode(self, persons: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of texts about these persons, shape (n,), and each text's length, int64 of the same shape."""


class EqualOrder:
    """Everybody once an epoch, each epoch in a fresh order."""

    def __init__(self, people: int, seed: int) -> None:
        self.people = people
        self._seed = seed
        self._epoch: tuple[int, np.ndarray] | None = None

    def draw(self, first: int) -> tuple[np.ndarray, int, tuple[str | int, ...]]:
        """A draw is a part of one epoch."""
        epoch, place = divmod(first, self.people)
        number, skip = divmod(place, EXPOSURES_PER_DRAW)
        if self._epoch is None or self._epoch[0] != epoch:
            self._epoch = epoch, generator(self._seed, "epoch", epoch).permutation(self.people)
        persons = self._epoch[1][number * EXPOSURES_PER_DRAW : (number + 1) * EXPOSURES_PER_DRAW]
        return persons, skip, ("templates", epoch, number)


class GroupedOrder:
    """Groups of equal size, the first people being the first group, each with its exact share of every draw."""

    def __init__(self, people: int, proportions: Sequence[float], seed: int) -> None:
        self.people = people
        self._size = people // len(proportions)
        self._proportions = proportions
        self._seed = seed
        self._orders = [
            EqualOrder(self._size, int(generator(seed, "group", group).integers(2**63)))
            for group in range(len(proportions))
        ]

    def draw(self, first: int) -> tuple[np.ndarray, int, tuple[str | int, ...]]:
        """A draw holds the next people of every group, shuffled."""
        number, skip = divmod(first, EXPOSURES_PER_DRAW)
        before, after = (self.exposures(EXPOSURES_PER_DRAW * each) for each in (number, number + 1))
        parts = [
            self._span(group, start, stop) + group * self._size
            for group, (start, stop) in enumerate(zip(before, after, strict=True))
        ]
        persons = generator(self._seed, "draw", number).permutation(np.concatenate(parts))
        return persons, skip, ("templates", "grouped", number)

    def exposures(self, total: int) -> tuple[int, ...]:
        """How many of the first ``total`` exposures, whole draws, each group has."""
        return apportion(self._proportions, total)

    def _span(self, group: int, start: int, stop: int) -> np.ndarray:
        """Exposures ``[start, stop)`` of one group, as places in it."""
        found = [np.zeros(0, dtype=np.int64)]
        while start < stop:
            persons, skip, _ = self._orders[group].draw(start)
            found.append(persons[skip : skip + stop - start])
            start += len(found[-1])
        return np.concatenate(found)


class Exposures:
    """The stream of texts about people (:class:`phasemix.corpora.stream.Stream`); a position counts exposures."""

    tokens = None  # people are shown over and over

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
            persons, draws = self._drawn(position, int(tokens / self._length * SPARE) + 1)
            ids, lengths = self._texts.encode(persons, draws)
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
        """Exposures so far per person who is shown, on average."""
        return position / self._order.people

    def _drawn(self, first: int, count: int) -> tuple[np.ndarray, Draws]:
        """Who is shown in ``count`` exposures from ``first`` on, and in which words."""
        parts = []
        while count > 0:
            persons, skip, name = self._order.draw(first)
            draws = self._texts.draw(len(persons), generator(self._seed, *name))
            parts.append([array[skip : skip + count] for array in (persons, *draws)])
            first += len(parts[-1][0])
            count -= len(parts[-1][0])
        shown, attributes, templates = map(np.concatenate, zip(*parts, strict=True))
        return shown, Draws(attributes, templates)
