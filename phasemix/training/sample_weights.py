"""Weights of the samples in a batch by their losses (dynamic loss-based reweighting, arXiv 2502.06733).

Losses of the rows of a batch are brought to [−1, 1] by their least and greatest: h = (2·ℓ − max − min) / (max − min).
A strategy says how much a row counts, f(h); its weight is w ∝ exp(f(h) / r). The temperature r grows to infinity
along the run, so that weights become equal at its end.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from phasemix.study.cell import SampleWeights


def linupper(h: Tensor) -> Tensor:
    """As much more as the loss is higher, up to the middle, and alike from there on: the highest may be noise."""
    return torch.clamp(h + 1, max=1)


def quadratic(h: Tensor) -> Tensor:
    """Most where the loss is neither high nor low."""
    return 1 - h**2


def extremes(h: Tensor) -> Tensor:
    """Most where the loss is the highest or the lowest."""
    return h.abs()


STRATEGIES: dict[str, Callable[[Tensor], Tensor]] = {
    "linupper": linupper,
    "quadratic": quadratic,
    "extremes": extremes,
}


def sample_weights(losses: Tensor, chosen: SampleWeights, step: int, steps: int) -> Tensor:
    """The weights of rows by their mean losses, both of shape (rows,), at ``step`` of ``steps``; they sum to 1."""
    low, high = losses.min(), losses.max()
    cold = (1 - step / steps) / chosen.temperature  # 1 / r
    if high <= low:
        return torch.full_like(losses, 1 / len(losses))
    return torch.softmax(STRATEGIES[chosen.strategy]((2 * losses - high - low) / (high - low)) * cold, 0)
