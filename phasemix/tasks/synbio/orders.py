"""Orders: which people the exposures of SynBio show when.

Everybody is shown once an epoch, each epoch in a fresh order; or people stand in groups of different frequency, each
group's exposures going through its people epoch by epoch in the same way.
"""

from collections.abc import Sequence

import numpy as np

from phasemix.base.seeds import generator
from phasemix.corpora.exposures import EXPOSURES_PER_DRAW
from phasemix.corpora.segments import apportion


class EqualOrder:
    """Everybody once an epoch, each epoch in a fresh order."""

    def __init__(self, people: int, seed: int) -> None:
        self.subjects = people
        self._seed = seed
        self._epoch: tuple[int, np.ndarray] | None = None

    def draw(self, first: int) -> tuple[np.ndarray, int, tuple[str | int, ...]]:
        """A draw is a part of one epoch."""
        epoch, place = divmod(first, self.subjects)
        number, skip = divmod(place, EXPOSURES_PER_DRAW)
        if self._epoch is None or self._epoch[0] != epoch:
            self._epoch = epoch, generator(self._seed, "epoch", epoch).permutation(self.subjects)
        persons = self._epoch[1][number * EXPOSURES_PER_DRAW : (number + 1) * EXPOSURES_PER_DRAW]
        return persons, skip, ("templates", epoch, number)


class GroupedOrder:
    """Groups of equal size, the first people being the first group, each with its exact share of every draw."""

    def __init__(self, people: int, proportions: Sequence[float], seed: int) -> None:
        self.subjects = people
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
