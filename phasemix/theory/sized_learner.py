"""Models of real sizes as optimal learners, with one constant: the bits that a parameter holds.

What is measured is in parameters and nats, and the theory in bits. Models of P parameters that read the broad domain
alone have the loss L = E + A·P^−α nats per token. If each parameter holds c bits, then M = c·P, and the same loss is

    F₂(M) = E / ln 2 + (A·c^α / ln 2) · M^−α  bits per token.

The facts are N people, shown equally often in biographies of so many tokens: N·H bits, with p = 1 / (N · tokens).
Everything but c is counted or fitted where no facts are learned. So one measured critical ratio gives c, and c gives
all others (paper A, theorem 4.3).
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.checks import positive
from phasemix.theory.facts import equal_facts
from phasemix.theory.power_law import PowerLaw
from phasemix.theory.thresholds import critical_capacity, critical_ratio

HALF = 0.5  # of all bits are known where a ratio or a size is critical
FAR = 40.0  # e^±40 times the bits spent on facts are left for the broad domain: beyond every ratio


@dataclass(frozen=True)
class SizedLearner:
    """Models of sizes in parameters, as learners of bounded capacity.

    Attributes:
        irreducible: E, in nats per token.
        factor: A, in nats per token times parameters^α.
        exponent: α.
        entropy: H, in bits per person.
        tokens: of a biography.
        bits: c, per parameter.
    """

    irreducible: float
    factor: float
    exponent: float
    entropy: float
    tokens: float
    bits: float = 1.0

    @cached_property
    def broad(self) -> PowerLaw:
        """F₂, of capacities in bits."""
        scale = self.factor * self.bits**self.exponent / math.log(2)
        return PowerLaw(scale, self.exponent, self.irreducible / math.log(2))

    def critical_ratio(self, parameters: ArrayLike, people: ArrayLike) -> np.ndarray:
        """The mixing ratio at which half of all bits are known; infinite if there is none.

        The bits that the facts then hold are taken from the broad domain, so it rises somewhat faster than N.

        Args:
            parameters: P.
            people: N, of a shape that broadcasts with it.
        """
        spent, frequency = self._facts(people)
        return critical_ratio(self.broad, frequency, self.bits * np.asarray(parameters, float), spent)

    def critical_size(self, ratio: ArrayLike, people: ArrayLike) -> np.ndarray:
        """The parameters with which half of all bits are known; infinite at a ratio of 0.

        Args:
            ratio: r, below 1.
            people: N, of a shape that broadcasts with it.
        """
        spent, frequency = self._facts(people)
        return critical_capacity(self.broad, ratio, frequency, spent) / self.bits

    def known(self, parameters: ArrayLike, people: int, ratio: float) -> np.ndarray:
        """The share of all bits that is known, between 0 and 1, of the shape of ``parameters``."""
        facts = equal_facts(people, self.entropy, self.tokens)
        return BoundedLearner([facts], self.broad, ratio).known(self.bits * np.asarray(parameters, float))[..., 0]

    def web_loss(self, parameters: ArrayLike, people: ArrayLike, known: ArrayLike) -> np.ndarray:
        """The loss on the broad domain, in nats per token, of models that know such a share of all bits.

        Infinite where the facts would take all of the capacity. Arguments have shapes that broadcast.
        """
        left = self.bits * np.asarray(parameters, float) - np.asarray(known) * np.asarray(people) * self.entropy
        return math.log(2) * self.broad.loss(np.maximum(left, 0))

    def calibrated(self, parameters: float, people: int, ratio: float) -> "SizedLearner":
        """This learner with the c at which its critical ratio at one size and one N is ``ratio``.

        The more bits a parameter holds, the lower is the critical ratio, so there is one such c. It is more than the
        bits of half the facts per parameter. Brent's method finds it.

        Raises:
            ValueError: the ratio is not above 0 and below 1.
        """
        if not 0 < ratio < 1:
            raise ValueError(f"the critical ratio is {ratio:g}: it must be above 0 and below 1 to calibrate by")
        positive("the number of parameters", parameters)
        spent, frequency = (float(each) for each in self._facts(people))
        wanted = math.log(ratio / (1 - ratio) * frequency)

        def with_left(logarithm: float) -> "SizedLearner":
            return replace(self, bits=spent * (1 + math.exp(logarithm)) / parameters)

        def lacking(logarithm: float) -> float:
            left = spent * math.exp(logarithm)
            return math.log(float(with_left(logarithm).broad.gain(left))) - wanted

        return with_left(float(brentq(lacking, -FAR, FAR)))

    def _facts(self, people: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Half of all bits, and the frequency per token of the dense domain."""
        people = positive("the number of people", people)
        return HALF * people * self.entropy, 1 / (people * self.tokens)
