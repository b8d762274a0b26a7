"""The mixture of k sources that a run reads (paper A, appendix E, for two of them).

The endless stream is made in **segments** (:mod:`phasemix.corpora.segments`). Each holds its exact share of
every source: the next documents of that source's own stream. The segment's documents are shuffled together,
packed into rows of ``context`` tokens, and the rows are shuffled. Every segment is drawn from its own
named seed, so the position in the stream is one integer and one more for every source, and memory does not grow with
the run.

A run reads the stream's beginning, so runs that differ only in length share their beginning bit for bit. A run's
share of every source is exact to within its last segment, of which it may read a part. Whether documents are repeated
is for a source's stream to say.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.corpora.document_packing import pack
from phasemix.corpora.segments import Shares, Stretch
from phasemix.corpora.stream import Stream
from phasemix.study.mixture import Phase


@dataclass
class Position:
    """Where a mixture stands: the next batch, and where every source stood before that batch's segment."""

    batch: int = 0
    sources: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Segment:
    inputs: np.ndarray
    targets: np.ndarray
    after: dict[str, int]  # the sources' positions


class Mixture:
    """Batches of a mixture.

    Args:
        streams: the sources by name, in the order of ``shares``.
        shares: how much of each stands in every segment.
        batches: how many batches are read.
        batch_size: rows per batch.
        context: tokens per row.
        seed: of how documents and rows are shuffled.

    Raises:
        PhasemixError: a source that must not repeat is shorter than the segments that the run touches need.
    """

    def __init__(
        self, streams: Mapping[str, Stream], shares: Shares, *, batches: int, batch_size: int, context: int, seed: int
    ) -> None:
        self._streams = dict(streams)
        self._shares = shares
        self._shape = (batch_size, context)
        self._batches = batches
        self._segments = shares.segments
        self._seed = seed
        self._made: tuple[int, _Segment] | None = None
        self._position = Position(sources=dict.fromkeys(streams, 0))
        for name, needed in shares.tokens(batches).items():
            held = self._streams[name].tokens
            if held is not None and needed > held:
                raise PhasemixError(
                    f"the run needs {needed:,} tokens of {name}, seen once each, and the corpus has {held:,}: lower its"
                    " proportion or the tokens of the run, or give more text"
                )

    def __next__(self) -> tuple[np.ndarray, np.ndarray]:
        """The next batch: input ids and targets, both int64 of shape (batch_size, context)."""
        now = self._position
        if now.batch >= self._batches:
            raise StopIteration
        number, batch = divmod(now.batch, self._segments.batches)
        segment = self._segment(number)
        rows = slice(batch * self._shape[0], (batch + 1) * self._shape[0])
        now.batch += 1
        if rows.stop == len(segment.inputs):
            now.sources = segment.after
        return segment.inputs[rows], segment.targets[rows]

    @property
    def state(self) -> dict[str, Any]:
        """All that it needs to go on, as plain values; setting it goes there."""
        return {**asdict(self._position), "stretches": [asdict(stretch) for stretch in self._shares.stretches]}

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._position = Position(state["batch"], dict(state["sources"]))
        self._shares.stretches = [
            Stretch(one["first"], tuple(one["proportions"]), tuple(one["before"])) for one in state["stretches"]
        ]
        self._made = None

    @property
    def segment(self) -> int:
        """The number of the segment that the next batch is in."""
        return self._position.batch // self._segments.batches

    @property
    def at_a_segment(self) -> bool:
        """Whether the next batch is the first of its segment: where proportions may change."""
        return self._position.batch % self._segments.batches == 0

    @property
    def proportions(self) -> dict[str, float]:
        """The proportions of the segment that the next batch is in, by source."""
        return self._shares.proportions(self.segment)

    @property
    def read_proportions(self) -> dict[str, float]:
        """Each source's proportion of all tokens so far; of a constant mixture, its own."""
        stretches = self._shares.stretches
        if len(stretches) == 1:
            return self.proportions
        before = self._shares.before(self.segment + (not self.at_a_segment))
        return {name: tokens / sum(before) for name, tokens in zip(self._streams, before, strict=True)}

    def steer(self, proportions: Mapping[str, float]) -> None:
        """Set the proportions from the next segment on, which must not have begun.

        Raises:
            ValueError: it has begun, or they are not proportions of these sources.
        """
        checked = Phase(proportions=dict(proportions)).proportions
        if checked.keys() != self._streams.keys():
            raise ValueError(f"proportions of {', '.join(checked)} are not those of {', '.join(self._streams)}")
        if not self.at_a_segment:
            raise ValueError("proportions change at the beginning of a segment")
        self._shares.change(self.segment, proportions)
        self._made = None

    @property
    def exposures(self) -> dict[str, float]:
        """How often every document of a source has been seen so far, on average; inside a segment, by its batches."""
        number, done = divmod(self._position.batch, self._segments.batches)
        before = self._position.sources
        after = self._segment(number).after if done else before
        share = done / self._segments.batches
        return {
            name: stream.exposures(before[name] + round((after[name] - before[name]) * share))
            for name, stream in self._streams.items()
        }

    def _segment(self, number: int) -> _Segment:
        """The segment that the position is in; it is made once."""
        if self._made is None or self._made[0] != number:
            self._made = None  # its memory is free for the next
            self._made = number, self._make_segment(number)
        return self._made[1]

    def _make_segment(self, number: int) -> _Segment:
        before, after = map(self._shares.before, (number, number + 1))
        taken = {
            name: stream.take(self._position.sources[name], last - first)
            for (name, stream), first, last in zip(self._streams.items(), before, after, strict=True)
        }
        ids, lengths = (np.concatenate(parts) for parts in zip(*(one[:2] for one in taken.values()), strict=True))
        inputs, targets = pack(ids, lengths, self._shape[1], generator(self._seed, "segment", number))
        return _Segment(inputs, targets, {name: documents.position for name, documents in taken.items()})
