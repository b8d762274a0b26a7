"""Proportions within caps: what a domain may not have goes to the others."""

import numpy as np


def capped(proportions: np.ndarray, caps: np.ndarray) -> np.ndarray:
    """The mixture c·p_i where that is below its cap, and the cap elsewhere; both of shape (k,), caps sum to 1 or more.

    So domains below their caps keep their proportions to each other. Domains of proportion 0 get something only if the
    others' caps leave something, equally.
    """
    found, free = np.zeros_like(proportions), np.ones(len(proportions), bool)
    while True:
        left = 1 - found[~free].sum()
        shares = proportions[free]
        total = shares.sum()
        found[free] = left * (shares / total if total > 0 else np.full(len(shares), 1 / max(len(shares), 1)))
        over = free & (found > caps + 1e-15)
        if not over.any():
            return found
        found[over] = caps[over]
        free &= ~over
