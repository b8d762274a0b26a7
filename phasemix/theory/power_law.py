"""The loss on a broad domain as a power law of the capacity spent on it (paper A, section 4; A-Fig 7b)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from phasemix.theory.checks import not_negative, positive


@dataclass(frozen=True)
class PowerLaw:
    """F₂(M) = floor + scale · M^−exponent: the least loss, in bits per token, with M bits spent on the domain.

    A law fitted to sizes in units of b bits has the scale A · b^α here.

    Attributes:
        scale: A, in bits per token times bits^α.
        exponent: α.
        floor: C, the loss that no capacity removes, in bits per token.

    Raises:
        ValueError: the scale or the exponent is not positive, the floor is negative, or any is not finite.
    """

    scale: float
    exponent: float
    floor: float = 0.0

    def __post_init__(self) -> None:
        positive("the power law's scale", self.scale)
        positive("the power law's exponent", self.exponent)
        not_negative("the power law's floor", self.floor)

    def loss(self, capacity: ArrayLike) -> np.ndarray:
        """F₂, in bits per token, at capacities in bits of any shape; infinite at 0.

        Raises:
            ValueError: a capacity is negative or not finite.
        """
        capacity = not_negative("the capacity", capacity)
        with np.errstate(divide="ignore", over="ignore"):
            return self.floor + self.scale * capacity**-self.exponent

    def gain(self, capacity: ArrayLike) -> np.ndarray:
        """−F₂′: the bits per token that one more bit takes off the loss, at capacities in bits of any shape.

        Infinite at 0. Its unit is that of a fact's frequency: one over tokens.

        Raises:
            ValueError: a capacity is negative or not finite.
        """
        capacity = not_negative("the capacity", capacity)
        with np.errstate(divide="ignore", over="ignore"):
            return self.exponent * self.scale * capacity ** -(self.exponent + 1)

    def capacity(self, gain: ArrayLike) -> np.ndarray:
        """M₀: the capacity, in bits, at which one more bit gains just so much; the inverse of :meth:`gain`.

        Theorem 4.3's M₀⁻ and M₀⁺ are one here, because the gain of a power law falls without a step. Infinite
        for a gain of 0.

        Args:
            gain: per token, of any shape; infinity is allowed.

        Raises:
            ValueError: a gain is negative or NaN.
        """
        gain = np.asarray(gain, dtype=float)
        if not (gain >= 0).all():
            raise ValueError(f"the gain is {gain[~(gain >= 0)].flat[0]:g}: it must be at least 0")
        with np.errstate(divide="ignore", over="ignore"):
            return (self.exponent * self.scale / gain) ** (1 / (self.exponent + 1))
