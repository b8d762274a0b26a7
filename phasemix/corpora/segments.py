"""How the stream of a run is cut into segments, and how many tokens of every source each holds.

Segment k holds tokens [k·T, (k+1)·T) of the endless stream, T being a whole number of batches. Segments are
whole, whatever a run's length: a run reads its first batches and may leave a part of its last segment unread, so
runs that differ only in length share their beginning. Proportions are constant inside a segment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from phasemix.study.mixture import MixtureSpec

SEGMENT_TOKENS = 2**16  # the span over which documents are shuffled together, at least


@dataclass(frozen=True)
class Segments:
    """The segments of a stream of batches of ``batch_tokens`` tokens."""

    batch_tokens: int

    @property
    def batches(self) -> int:
        """Batches of a segment: the fewest that hold :data:`SEGMENT_TOKENS` tokens."""
        return -(-SEGMENT_TOKENS // self.batch_tokens)

    @property
    def tokens(self) -> int:
        """Tokens of a segment."""
        return self.batches * self.batch_tokens

    def touched(self, batches: int) -> int:
        """How many segments a run of ``batches`` batches reads, the last one perhaps in part."""
        return -(-batches // self.batches)


def apportion(proportions: Sequence[float], total: int) -> tuple[int, ...]:
    """``total`` tokens shared out by ``proportions``, which sum to 1; whole numbers that sum to ``total``.

    Of two sources the first gets its share rounded, the last one the rest. Of more, the first two are
    shared out of what all but the last get, and so on: so no source's part falls as the total grows, and each is
    within half a token for every source after the first of its exact share.
    """
    reached = list(accumulate(proportions))
    last = max(i for i, proportion in enumerate(proportions) if proportion > 0)
    reached[last:] = [1.0] * (len(reached) - last)  # what rounding missed is the last one's that has a part
    bound, parts = total, []
    for upper, lower in zip(reversed(reached), [*reversed(reached[:-1]), 0.0], strict=True):
        below = round(lower / upper * bound) if upper > 0 else 0
        parts.append(bound - below)
        bound = below
    return tuple(reversed(parts))


@dataclass(frozen=True)
class Stretch:
    """Constant proportions from segment ``first`` on, ``before`` which so many tokens of every source stand."""

    first: int
    proportions: tuple[float, ...]
    before: tuple[int, ...]


@dataclass
class Shares:
    """How many tokens of every source stand before any segment.

    It begins with the phases of a mixture; a controller adds stretches on the way (:meth:`change`).
    """

    sources: tuple[str, ...]
    segments: Segments
    stretches: list[Stretch] = field(default_factory=list)

    @classmethod
    def of(cls, mixture: MixtureSpec, segments: Segments) -> "Shares":
        """The shares of a mixture's phases, each beginning at the segment nearest to where the one before ends."""
        shares, first = cls(mixture.sources, segments), 0
        for phase in mixture.phases:
            shares.change(first, phase.proportions)
            first = round((phase.until or 0) / segments.tokens)
        return shares

    def change(self, segment: int, proportions: Mapping[str, float]) -> None:
        """Set the proportions from ``segment`` on; those set for it or for later ones before are forgotten."""
        before = self.before(segment) if self.stretches and segment else (0,) * len(self.sources)
        self.stretches = [stretch for stretch in self.stretches if stretch.first < segment]
        self.stretches.append(Stretch(segment, tuple(proportions[name] for name in self.sources), before))

    def proportions(self, segment: int) -> dict[str, float]:
        """The proportions in a segment, by source."""
        return dict(zip(self.sources, self._stretch(segment).proportions, strict=True))

    def before(self, segment: int) -> tuple[int, ...]:
        """Tokens of every source in the segments before number ``segment``."""
        stretch = self._stretch(max(segment - 1, 0))
        parts = apportion(stretch.proportions, (segment - stretch.first) * self.segments.tokens)
        return tuple(base + part for base, part in zip(stretch.before, parts, strict=True))

    def tokens(self, batches: int) -> dict[str, int]:
        """Tokens of every source in the segments that a run of ``batches`` batches touches."""
        return dict(zip(self.sources, self.before(self.segments.touched(batches)), strict=True))

    def _stretch(self, segment: int) -> Stretch:
        return next(stretch for stretch in reversed(self.stretches) if stretch.first <= segment)
