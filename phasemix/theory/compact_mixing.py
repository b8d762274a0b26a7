"""Saying a part of the dense tokens as short tuples of the same facts: compact knowledge mixing (paper A, A-Fig 8b)."""

from phasemix.theory.checks import positive


def tokens_per_exposure(biography: float, compact: float, tuple_tokens: float) -> float:
    """The dense tokens in which a person is shown once, when a share τ of them are tuples.

    A biography shows a person once, and so does a tuple: 1 / ((1 − τ) / biography + τ / tuple).

    Args:
        biography: tokens of one.
        compact: τ, at least 0 and at most 1.
        tuple_tokens: tokens of a tuple.

    Raises:
        ValueError: a length is not positive and finite, or there is no such share.
    """
    positive("the tokens of a biography", biography)
    positive("the tokens of a tuple", tuple_tokens)
    if not 0 <= compact <= 1:
        raise ValueError(f"the share of tuples is {compact:g}: it must be between 0 and 1")
    return 1 / ((1 - compact) / biography + compact / tuple_tokens)
