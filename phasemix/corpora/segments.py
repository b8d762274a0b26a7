"""How the stream of a run is cut into segments, in whole numbers of batches and tokens.

Segment k holds tokens [k·T, (k+1)·T) of the endless stream, of which round(r·(k+1)·T) − round(r·k·T)
come from the dense set and the others from web text. Segments are whole, whatever a run's length:
a run reads its first batches and may leave a part of its last segment unread, so runs that differ
only in length share their beginning.
"""

from dataclasses import dataclass

IGNORED = -100  # the target that PyTorch's cross-entropy leaves out: a row's last token has no next one
SEGMENT_TOKENS = 2**16  # the span over which documents are shuffled together, at least


@dataclass(frozen=True)
class Segments:
    """The segments of the stream at ratio r.

    ``ratio`` is r, the dense set's fraction of the tokens; ``batch_tokens`` the tokens of a batch.
    """

    ratio: float
    batch_tokens: int

    @property
    def batches(self) -> int:
        """Batches of a segment: the fewest that hold ``SEGMENT_TOKENS`` tokens."""
        return -(-SEGMENT_TOKENS // self.batch_tokens)

    def before(self, segment: int) -> tuple[int, int]:
        """Tokens of the dense set, and of web text, in the segments before number ``segment``."""
        total = segment * self.batches * self.batch_tokens
        dense = round(self.ratio * total)
        return dense, total - dense

    def web_tokens(self, batches: int) -> int:
        """Tokens of web text in the segments that a run of ``batches`` batches touches."""
        return self.before(-(-batches // self.batches))[1]
