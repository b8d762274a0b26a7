"""The mixture of paper A, appendix E: a dense set replicated to r·S tokens among (1−r)·S of web text.

The stream of S tokens is made in **segments**. Each holds its exact share of both sources: the
next web documents in the seed's order, never repeated, and the next biographies, every person
once an epoch in a fresh order. The segment's documents are shuffled together, packed into rows of
``context`` tokens, and the rows are shuffled. Every segment is drawn from its own named seed, so
the position in the stream is two integers, and memory does not grow with S.
"""

from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerFast

from phasemix.corpora.synbio import SynBio
from phasemix.corpora.tokenizer import encode_documents
from phasemix.corpora.tokens import WebTokens
from phasemix.errors import PhasemixError
from phasemix.seeds import generator

SEGMENT_TOKENS = 2**18  # the span over which documents are shuffled together, at least
IGNORED = -100  # the target that PyTorch's cross-entropy leaves out
BIOGRAPHIES_A_CALL = 512


class Showings:
    """The endless sequence of tokenised biographies: epoch after epoch, each in a fresh order."""

    def __init__(self, synbio: SynBio, tokenizer: PreTrainedTokenizerFast, seed: int) -> None:
        self._synbio = synbio
        self._tokenizer = tokenizer
        self._seed = seed
        self._order: tuple[int, np.ndarray] | None = None

    def documents(self, first: int, tokens: int) -> list[np.ndarray]:
        """Biographies from the ``first``-th showing on, ``tokens`` tokens in all (the last one cut)."""
        found: list[np.ndarray] = []
        while tokens > 0:
            for ids in self._encoded(first):
                found.append(np.array(ids[:tokens]))
                tokens -= len(found[-1])
                first += 1
                if tokens == 0:
                    break
        return found

    def _encoded(self, first: int) -> list[list[int]]:
        """Some showings from ``first`` on, to the end of their chunk; each chunk has its own seed."""
        people = len(self._synbio)
        epoch, position = divmod(first, people)
        chunk, skip = divmod(position, BIOGRAPHIES_A_CALL)
        if self._order is None or self._order[0] != epoch:
            self._order = epoch, generator(self._seed, "epoch", epoch).permutation(people)
        persons = self._order[1][chunk * BIOGRAPHIES_A_CALL : (chunk + 1) * BIOGRAPHIES_A_CALL]
        texts = self._synbio.biographies(persons, generator(self._seed, "templates", epoch, chunk))
        return encode_documents(self._tokenizer, texts[skip:])


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
        synbio: the biographies.
        tokenizer: closes and tokenises every biography.
        ratio: r, the fraction of the tokens that comes from the biographies.
        batches: how many batches the stream holds; S = batches × batch_size × context.
        batch_size: rows a batch.
        context: tokens a row.
        seed: the root of all randomness here.

    Raises:
        PhasemixError: the web text is shorter than (1−r)·S.
    """

    def __init__(
        self,
        web: WebTokens,
        synbio: SynBio,
        tokenizer: PreTrainedTokenizerFast,
        *,
        ratio: float,
        batches: int,
        batch_size: int,
        context: int,
        seed: int,
    ) -> None:
        self._web = web
        self._showings = Showings(synbio, tokenizer, seed)
        self._ratio = ratio
        self._shape = (batch_size, context)
        self._batch_tokens = batch_size * context
        self._batches = batches
        self._batches_a_segment = -(-SEGMENT_TOKENS // self._batch_tokens)
        self._seed = seed
        self._segment: tuple[np.ndarray, np.ndarray, int] | None = None
        self.position = Position()
        needed = self._split(batches)[1]
        if needed > web.tokens:
            raise PhasemixError(
                f"at ratio {ratio} the run needs {needed:,} tokens of web text, seen once each, and the corpus has"
                f" {web.tokens:,}: raise the ratio, lower the tokens, or give more web text"
            )

    def _split(self, batches: int) -> tuple[int, int]:
        """Tokens of the dense set and of web text in the first ``batches`` batches."""
        total = batches * self._batch_tokens
        dense = round(self._ratio * total)
        return dense, total - dense

    def __next__(self) -> tuple[np.ndarray, np.ndarray]:
        """The next batch: input ids and targets, both int64 of shape (batch_size, context)."""
        if self.position.batch >= self._batches:
            raise StopIteration
        segment, batch = divmod(self.position.batch, self._batches_a_segment)
        if self._segment is None:
            self._segment = self._make_segment(segment)
        inputs, targets, shown = self._segment
        rows = slice(batch * self._shape[0], (batch + 1) * self._shape[0])
        self.position.batch += 1
        if rows.stop == len(inputs):
            self.position.showing += shown
            self._segment = None
        return inputs[rows], targets[rows]

    @property
    def showings(self) -> int:
        """Biographies shown so far; inside a segment, its share by batches."""
        if self._segment is None:
            return self.position.showing
        inputs, _, shown = self._segment
        batches = len(inputs) // self._shape[0]
        done = self.position.batch % self._batches_a_segment
        return self.position.showing + round(shown * done / batches)

    def _make_segment(self, segment: int) -> tuple[np.ndarray, np.ndarray, int]:
        """Inputs and targets of shape (rows, context), and how many biographies they show."""
        first = segment * self._batches_a_segment
        last = min(first + self._batches_a_segment, self._batches)
        (dense_before, web_before), (dense_after, web_after) = self._split(first), self._split(last)
        shown = self._showings.documents(self.position.showing, dense_after - dense_before)
        documents = shown + self._web.documents(web_before, web_after)
        rng = generator(self._seed, "segment", segment)
        ids = np.concatenate([documents[i] for i in rng.permutation(len(documents))]).astype(np.int64)
        inputs = ids.reshape(-1, self._shape[1])
        targets = np.append(ids[1:], IGNORED).reshape(-1, self._shape[1])
        rows = rng.permutation(len(inputs))
        return inputs[rows], targets[rows], len(shown)
