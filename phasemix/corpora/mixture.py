"""The mixture of paper A, appendix E: a dense set replicated to r·S tokens among (1−r)·S of web text.

The endless stream is made in **segments**. Each holds its exact share of both sources: the next
web documents in the seed's order, never repeated, and the next biographies, every person once an
epoch in a fresh order. The segment's documents are shuffled together, packed into rows of
``context`` tokens, and the rows are shuffled. Every segment is drawn from its own named seed, so
the position in the stream is two integers, and memory does not grow with S.

A run of S tokens reads the stream's beginning, so runs that differ only in length share their
beginning bit for bit. A run's share of both sources is exact to within its last segment, of which
it may read a part.
"""

from dataclasses import dataclass

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.corpora.ragged import begins, gather
from phasemix.corpora.segments import IGNORED, Segments
from phasemix.corpora.tokens import WebTokens
from phasemix.tasks.synbio.people import Draws
from phasemix.tasks.synbio.pieces import Biographies

BIOGRAPHIES_A_CALL = 512  # drawn from one seed
BIOGRAPHY_TOKENS = 100.0  # a first guess; it decides how many are encoded at a time, and no token
SPARE = 1.02  # encoded beyond the guess, so that one time is mostly enough


class Showings:
    """The endless sequence of tokenised biographies: epoch after epoch, each in a fresh order."""

    def __init__(self, biographies: Biographies, seed: int) -> None:
        self._biographies = biographies
        self._seed = seed
        self._order: tuple[int, np.ndarray] | None = None
        self._length = BIOGRAPHY_TOKENS

    def documents(self, first: int, tokens: int) -> tuple[np.ndarray, np.ndarray]:
        """Biographies from the ``first``-th showing on, ``tokens`` tokens in all (the last one cut).

        Returns:
            Their ids one after another, shape (tokens,), and each one's length, int64 of shape (biographies,).
        """
        found, found_lengths = [np.zeros(0, dtype=np.uint16)], [np.zeros(0, dtype=np.int64)]
        while tokens > 0:
            persons, draws = self._draws(first, int(tokens / self._length * SPARE) + 1)
            ids, lengths = self._biographies.encode(persons, draws)
            self._length = len(ids) / len(lengths)
            starts = begins(lengths)
            used = starts < tokens
            found.append(ids[:tokens])
            found_lengths.append(lengths[used].clip(max=tokens - starts[used]))
            first += len(lengths)
            tokens -= len(found[-1])
        return np.concatenate(found), np.concatenate(found_lengths)

    def _draws(self, first: int, count: int) -> tuple[np.ndarray, Draws]:
        """Who is shown in ``count`` showings from ``first`` on, and how; each chunk of an epoch has its own seed."""
        people = len(self._biographies.synbio)
        parts = []
        while count > 0:
            epoch, position = divmod(first, people)
            chunk, skip = divmod(position, BIOGRAPHIES_A_CALL)
            if self._order is None or self._order[0] != epoch:
                self._order = epoch, generator(self._seed, "epoch", epoch).permutation(people)
            persons = self._order[1][chunk * BIOGRAPHIES_A_CALL : (chunk + 1) * BIOGRAPHIES_A_CALL]
            draws = self._biographies.synbio.draw(len(persons), generator(self._seed, "templates", epoch, chunk))
            parts.append([array[skip : skip + count] for array in (persons, *draws)])
            first += len(parts[-1][0])
            count -= len(parts[-1][0])
        shown, attributes, templates = map(np.concatenate, zip(*parts, strict=True))
        return shown, Draws(attributes, templates)


@dataclass
class Position:
    """Where a stream stands, whole: enough to go on from there.

    ``batch`` is the next batch; ``showing`` counts the biographies shown before that batch's segment.
    """

    batch: int = 0
    showing: int = 0


class Mixture:
    """Batches of the mixture at ratio r; the web order and the biographies depend on the seed only.

    Args:
        web: the web stream.
        biographies: the dense set.
        ratio: r, the fraction of the tokens that comes from the biographies.
        batches: how many batches are read; S = batches × batch_size × context.
        batch_size: rows a batch.
        context: tokens a row.
        seed: the root of all randomness here.

    Raises:
        PhasemixError: the web text is shorter than the segments that the run touches need.
    """

    def __init__(
        self,
        web: WebTokens,
        biographies: Biographies,
        *,
        ratio: float,
        batches: int,
        batch_size: int,
        context: int,
        seed: int,
    ) -> None:
        self._web = web
        self._showings = Showings(biographies, seed)
        self._shape = (batch_size, context)
        self._batches = batches
        self._segments = Segments(ratio, batch_size * context)
        self._seed = seed
        self._made: tuple[int, tuple[np.ndarray, np.ndarray, int]] | None = None
        self.position = Position()
        needed = self._segments.web_tokens(batches)
        if needed > web.tokens:
            raise PhasemixError(
                f"at ratio {ratio} the run needs {needed:,} tokens of web text, seen once each, and the corpus has"
                f" {web.tokens:,}: raise the ratio, lower the tokens, or give more web text"
            )

    def __next__(self) -> tuple[np.ndarray, np.ndarray]:
        """The next batch: input ids and targets, both int64 of shape (batch_size, context)."""
        if self.position.batch >= self._batches:
            raise StopIteration
        segment, batch = divmod(self.position.batch, self._segments.batches)
        inputs, targets, shown = self._segment(segment)
        rows = slice(batch * self._shape[0], (batch + 1) * self._shape[0])
        self.position.batch += 1
        if rows.stop == len(inputs):
            self.position.showing += shown
        return inputs[rows], targets[rows]

    @property
    def showings(self) -> int:
        """Biographies shown so far; inside a segment, its share by batches."""
        segment, done = divmod(self.position.batch, self._segments.batches)
        if not done:
            return self.position.showing
        return self.position.showing + round(self._segment(segment)[2] * done / self._segments.batches)

    def _segment(self, segment: int) -> tuple[np.ndarray, np.ndarray, int]:
        """The segment that ``position`` is in; it is made once."""
        if self._made is None or self._made[0] != segment:
            self._made = None  # its memory is free for the next
            self._made = segment, self._make_segment(segment)
        return self._made[1]

    def _make_segment(self, segment: int) -> tuple[np.ndarray, np.ndarray, int]:
        """Inputs and targets of shape (rows, context), and how many biographies they show."""
        (dense_before, web_before), (dense_after, web_after) = map(self._segments.before, (segment, segment + 1))
        shown, shown_lengths = self._showings.documents(self.position.showing, dense_after - dense_before)
        text, text_lengths = self._web.documents(web_before, web_after)
        lengths = np.concatenate([shown_lengths, text_lengths])
        rng = generator(self._seed, "segment", segment)
        order = rng.permutation(len(lengths))
        ids = gather(np.concatenate([shown, text]), begins(lengths)[order], lengths[order]).astype(np.int64)
        inputs = ids.reshape(-1, self._shape[1])
        targets = np.append(ids[1:], IGNORED).reshape(-1, self._shape[1])
        rows = rng.permutation(len(inputs))
        return inputs[rows], targets[rows], len(shown_lengths)
