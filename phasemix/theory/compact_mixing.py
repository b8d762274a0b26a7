"""Compact knowledge mixing: short tuples of the same facts beside the texts that tell them (paper A, section 6.3).

Tuples are added until their tokens are τ times those of the texts; the mixing ratio stays what it was, so there is less
of everything. τ is A's CKM ratio.
"""

from phasemix.theory.checks import positive


def dense_shares(compact: float) -> tuple[float, float]:
    """Which shares of the dense tokens are texts and tuples at a CKM ratio τ: 1 / (1 + τ) and τ / (1 + τ)."""
    return 1 / (1 + compact), compact / (1 + compact)


def tokens_per_exposure(biography: float, compact: float, tuple_tokens: float) -> float:
    """The dense tokens in which a person is shown once, at a CKM ratio τ.

    A biography shows a person once, and so does a tuple: (1 + τ) / (1 / biography + τ / tuple).

    Args:
        biography: tokens of one.
        compact: τ, at least 0.
        tuple_tokens: tokens of a tuple.

    Raises:
        ValueError: a length is not positive and finite, or τ is below 0.
    """
    positive("the tokens of a biography", biography)
    positive("the tokens of a tuple", tuple_tokens)
    if not compact >= 0:
        raise ValueError(f"the ratio of tuples to texts is {compact:g}: it must be at least 0")
    texts, tuples = dense_shares(compact)
    return 1 / (texts / biography + tuples / tuple_tokens)
