"""Facts: how many bits there are to be known, and how often each is asked for.

A fact is a random value Y, independent of all others, of entropy H(Y) bits. A learner that holds m ≤ H(Y) bits of it
loses p · (H(Y) − m) bits per token on it, p being its frequency per token (paper A, section 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from phasemix.theory.checks import positive


@dataclass(frozen=True)
class Facts:
    """One kind of facts: all that are asked for equally often.

    Attributes:
        bits: H_tot, the entropy of all of them together, in bits.
        frequency: p, how often each single one is asked for, per token of the dense domain.

    Raises:
        ValueError: one of them is not positive and finite.
    """

    bits: float
    frequency: float

    def __post_init__(self) -> None:
        positive("the entropy of the facts", self.bits)
        positive("the frequency of the facts", self.frequency)

    def subsampled(self, fraction: float) -> "Facts":
        """The part of them that is still shown, and the more often (A-Fig 8a).

        Args:
            fraction: ρ, above 0 and at most 1, of the facts.

        Raises:
            ValueError: there is no such fraction.
        """
        if not 0 < fraction <= 1:
            raise ValueError(f"the fraction kept is {fraction:g}: it must be above 0 and at most 1")
        return Facts(fraction * self.bits, self.frequency / fraction)


def equal_facts(count: int, entropy: float, tokens: float) -> Facts:
    """Facts that are all shown equally often, each once an epoch: p = 1 / (N · tokens).

    Args:
        count: N, how many they are.
        entropy: of each, in bits; if a fact is a person, of everything that is told of one.
        tokens: of a text that shows one, such as a biography.

    Raises:
        ValueError: one of them is not positive and finite.
    """
    (facts,) = grouped_facts([1.0], count, entropy, tokens)
    return facts


def grouped_facts(proportions: Sequence[float], count: int, entropy: float, tokens: float) -> tuple[Facts, ...]:
    """Facts in equal groups that differ in frequency, a kind for every group: p_k = proportion_k / (n · tokens).

    Args:
        proportions: each group's part of all exposures, as :class:`phasemix.tasks.synbio.groups.Groups` has it, where
            they fall as a power law of the group's rank.
        count: n, the facts of every group.
        entropy: of each fact, in bits.
        tokens: of a text that shows one.

    Raises:
        ValueError: one of them is not positive and finite, or the proportions do not sum to 1.
    """
    positive("the number of facts", count)
    positive("the entropy of a fact", entropy)
    positive("the number of tokens that show a fact", tokens)
    if not np.isclose(sum(proportions), 1):
        raise ValueError(f"the groups' parts of all exposures sum to {sum(proportions):g}: they must sum to 1")
    return tuple(Facts(count * entropy, proportion / (count * tokens)) for proportion in proportions)


def queue(facts: Sequence[Facts]) -> tuple[np.ndarray, np.ndarray]:
    """The order in which facts are learned, as bits, by kind; shapes (kinds,) both.

    Returns:
        The bits of all more frequent facts, which are learned before; and those of all equally frequent ones, which
        are learned together, the kind's own among them.
    """
    frequency, bits = np.array([kind.frequency for kind in facts]), np.array([kind.bits for kind in facts])
    _, rank = np.unique(-frequency, return_inverse=True)
    together = np.bincount(rank, bits)
    before = np.concatenate([[0.0], np.cumsum(together)[:-1]])
    return before[rank], together[rank]


def bits_spent(facts: Sequence[Facts], share: float) -> np.ndarray:
    """The bits that a learner spends on all facts when it knows this share of a kind, by kind, shape (kinds,).

    All of what is more frequent, the same share of what is equally frequent, and nothing of the rest. For one kind
    alone this is s · H_tot.

    Raises:
        ValueError: the share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the share known is {share:g}: it must be between 0 and 1")
    before, together = queue(facts)
    return before + share * together
