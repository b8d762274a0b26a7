"""What the theory's numbers must be, said in a ``ValueError`` for people."""

import numpy as np
from numpy.typing import ArrayLike


def positive(name: str, values: ArrayLike) -> np.ndarray:
    """The values as an array of their shape; all must be above 0 and finite."""
    found = np.asarray(values, dtype=float)
    return _checked(name, found, (found > 0) & np.isfinite(found), "must be positive and finite")


def not_negative(name: str, values: ArrayLike) -> np.ndarray:
    """The values as an array of their shape; all must be at least 0 and finite."""
    found = np.asarray(values, dtype=float)
    return _checked(name, found, (found >= 0) & np.isfinite(found), "must be at least 0 and finite")


def ratio_beside_broad(values: ArrayLike) -> np.ndarray:
    """Mixing ratios r as an array of their shape; all must leave the broad domain a weight 1 − r."""
    found = np.asarray(values, dtype=float)
    return _checked(
        "the ratio", found, (found >= 0) & (found < 1), "must be at least 0 and below 1 beside a broad domain"
    )


def level(share: float) -> None:
    """A share known that can be crossed: above 0 and below 1."""
    found = np.asarray(share, dtype=float)
    _checked("the share", found, (found > 0) & (found < 1), "must be above 0 and below 1 to be crossed")


def _checked(name: str, found: np.ndarray, good: np.ndarray, demand: str) -> np.ndarray:
    if not good.all():
        raise ValueError(f"{name} is {found[~good].flat[0]:g}: it {demand}")
    return found
