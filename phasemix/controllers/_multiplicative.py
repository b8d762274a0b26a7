"""The multiplicative update that all controllers but ADO share (Aioli, arXiv 2411.05735, equation 2)."""

import math
from collections.abc import Mapping


def multiplied(
    proportions: Mapping[str, float], exponents: Mapping[str, float], smoothing: float = 0.0
) -> dict[str, float]:
    """(1 − ε)·p_i·exp(e_i) / Σ_j p_j·exp(e_j) + ε / k, ε being ``smoothing`` and k the number of sources."""
    greatest = max(exponents[name] for name, proportion in proportions.items() if proportion > 0)
    weights = {
        name: proportion * math.exp(exponents[name] - greatest) if proportion > 0 else 0.0
        for name, proportion in proportions.items()
    }
    total = math.fsum(weights.values())
    return {name: (1 - smoothing) * weight / total + smoothing / len(weights) for name, weight in weights.items()}


def equal(proportions: Mapping[str, float]) -> dict[str, float]:
    """Equal proportions of the same sources."""
    return dict.fromkeys(proportions, 1 / len(proportions))
