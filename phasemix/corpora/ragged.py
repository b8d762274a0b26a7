"""Arrays of different lengths, one after another in one flat array: gathered without a loop."""

import numpy as np


def gather(flat: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The spans ``flat[start : start + length]``, one after another.

    Args:
        flat: what is read, shape (n,); it may be memory-mapped, only the spans are touched.
        starts: where every span begins, int64 of shape (spans,).
        lengths: how long every span is, 0 allowed, int64 of shape (spans,).
    """
    some = lengths > 0
    starts, lengths = starts[some], lengths[some]
    if not len(starts):
        return flat[:0]
    # Places to read are 1 apart but for the jumps between spans; their running sum is cheaper than np.repeat.
    ends = np.cumsum(lengths)
    places = np.ones(ends[-1], dtype=np.int64)
    places[0] = starts[0]
    places[ends[:-1]] = starts[1:] - (starts[:-1] + lengths[:-1]) + 1
    np.cumsum(places, out=places)
    return flat.take(places)


def begins(lengths: np.ndarray) -> np.ndarray:
    """Where each of the spans of these ``lengths`` begins when they stand one after another; shape (spans,)."""
    return np.cumsum(lengths) - lengths
