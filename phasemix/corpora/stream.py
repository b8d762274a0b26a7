"""The face of what a mixture reads: the documents of one source, one after another, from any position on."""

from typing import NamedTuple, Protocol

import numpy as np


class Taken(NamedTuple):
    """Documents taken from a stream.

    Attributes:
        ids: their token ids one after another, shape (tokens,).
        lengths: each one's length, int64 of shape (documents,).
        position: where the stream goes on.
    """

    ids: np.ndarray
    lengths: np.ndarray
    position: int


class Stream(Protocol):
    """The documents of a source in the order of one seed; a position is a number of the stream's own, from 0."""

    @property
    def tokens(self) -> int | None:
        """How many tokens it holds; None if it never ends."""

    def take(self, position: int, tokens: int) -> Taken:
        """The next ``tokens`` tokens from ``position`` on, documents cut where they must be.

        A document that is cut at the end goes on, or is shown again from its beginning, in the next tokens taken.
        """

    def exposures(self, position: int) -> float:
        """How often every document has been seen before ``position``, on average."""
