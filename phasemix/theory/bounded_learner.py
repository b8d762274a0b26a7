"""The optimal learner of bounded capacity, of facts alone or mixed into a broad domain (paper A, theorems 4.2 and 4.3).

It spends M bits on facts and on the broad domain such that its loss,

    F(M) = min over m of  r · Σ_i p_i (H_i − m_i) + (1 − r) · F₂(M − Σ_i m_i),  0 ≤ m_i ≤ H_i,

is least. This is a knapsack whose goods can be divided, so greed is optimal: every bit goes where it gains most. A bit
of a fact gains r · p_i, always the same, and one of the broad domain (1 − r) · (−F₂′), ever less. So the first bits go
to the broad domain. From a critical capacity on, all go to the most frequent facts, until these are known whole; then
the broad domain has its turn again, then the next facts, and so on.

What no capacity removes of the loss on the dense domain, C in theorem 4.2, decides nothing and is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from phasemix.theory.checks import not_negative, ratio_beside_broad
from phasemix.theory.facts import Facts, queue
from phasemix.theory.power_law import PowerLaw
from phasemix.theory.thresholds import critical_capacity


@dataclass(frozen=True)
class Allocation:
    """Where the bits go; for capacities of shape (…).

    Attributes:
        facts: the bits spent on every kind of facts, shape (…, kinds), in the learner's order.
        broad: the bits left for the broad domain, shape (…); without one, those that nothing needs.
    """

    facts: np.ndarray
    broad: np.ndarray


@dataclass(frozen=True)
class BoundedLearner:
    """The optimal learner of facts with weight r and of a broad domain with weight 1 − r.

    Where kinds are equally frequent, the loss does not say which of them to learn first; the learner knows the same
    share of each.

    Attributes:
        facts: the kinds of facts, in any order.
        broad: the loss on the broad domain; without it the facts stand alone (theorem 4.2).
        ratio: r, at least 0 and below 1; without a broad domain it is 1.

    Raises:
        ValueError: there are no facts, or the ratio is out of its range.
    """

    facts: Sequence[Facts]
    broad: PowerLaw | None = None
    ratio: float = 1.0

    def __post_init__(self) -> None:
        if not self.facts:
            raise ValueError("the learner has no facts to learn: give at least one kind")
        if self.broad is not None:
            ratio_beside_broad(self.ratio)
        elif self.ratio != 1:
            raise ValueError(f"the ratio is {self.ratio:g}: without a broad domain it must be 1")

    def known(self, capacity: ArrayLike) -> np.ndarray:
        """The share of every kind of facts that is known, between 0 and 1, shape (…, kinds).

        Nothing up to M₀(r p / (1 − r)) plus the bits of all more frequent facts, everything once its own bits have come
        on top (theorem 4.3), and a straight line in between.

        Args:
            capacity: M, in bits, of any shape.

        Raises:
            ValueError: a capacity is negative or not finite.
        """
        before, together = self._queue
        capacity = not_negative("the capacity", capacity)[..., None]
        return np.clip((capacity - before - self._broad_first) / together, 0, 1)

    def allocation(self, capacity: ArrayLike) -> Allocation:
        """The best use of capacities M, in bits, of any shape.

        Raises:
            ValueError: a capacity is negative or not finite.
        """
        return Allocation(self.known(capacity) * self._bits, self._left(not_negative("the capacity", capacity)))

    def loss(self, capacity: ArrayLike) -> np.ndarray:
        """F(M), in bits per token of the mixture, at capacities in bits; both of shape (…).

        Infinite at a capacity of 0 if there is a broad domain, as its power law is.

        Raises:
            ValueError: a capacity is negative or not finite.
        """
        unknown = (1 - self.known(capacity)) * self._bits
        of_facts = self.ratio * unknown @ np.array([kind.frequency for kind in self.facts])
        if self.broad is None:
            return of_facts
        return of_facts + (1 - self.ratio) * self.broad.loss(self.allocation(capacity).broad)

    @cached_property
    def _bits(self) -> np.ndarray:
        return np.array([kind.bits for kind in self.facts])

    @cached_property
    def _queue(self) -> tuple[np.ndarray, np.ndarray]:
        return queue(self.facts)

    @cached_property
    def _broad_first(self) -> np.ndarray:
        """The bits spent on the broad domain before any on a kind of facts, shape (kinds,)."""
        if self.broad is None:
            return np.zeros(len(self.facts))
        return critical_capacity(self.broad, self.ratio, [kind.frequency for kind in self.facts])

    def _left(self, capacity: np.ndarray) -> np.ndarray:
        """The bits that facts leave: all at first, M₀ as long as a kind is learned, what is not its own after that.

        This is M − Σ m_i, without the loss of digits where facts take nearly all.
        """
        before, together = self._queue
        capacity = capacity[..., None]
        return np.minimum(capacity, np.maximum(self._broad_first, capacity - before - together)).min(axis=-1)
