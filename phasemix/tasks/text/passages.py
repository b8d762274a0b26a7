"""Long documents as passages, for runs that read few tokens.

A run of a few million tokens reads whole files of code or headers one after another, and few of them in all: what it
learns of a domain then depends on which ones. Passages of many files, shuffled, are what a large run reads as well.
"""

import hashlib
from collections.abc import Iterable, Iterator

from phasemix.corpora.documents import Passage


def shuffled_passages(texts: Iterable[str | None], characters: int) -> list[Passage]:
    """The passages of all texts, in the order of their hashes; all are held in memory."""
    found = [Passage(piece, text) for text in texts if text for piece in passages(text, characters)]
    return sorted(found, key=lambda passage: hashlib.sha256(passage.text.encode(errors="replace")).digest())


def passages(text: str, characters: int) -> Iterator[str]:
    """A text cut at ends of lines into passages of ``characters`` or a little more.

    The last one may be shorter; one shorter than half of that is a part of the passage before it.
    """
    lines = text.splitlines(keepends=True)
    left, begin, length = len(text), 0, 0
    for end, line in enumerate(lines, 1):
        length += len(line)
        if length >= characters and left - length >= characters / 2:
            yield "".join(lines[begin:end])
            left, begin, length = left - length, end, 0
    if length:
        yield "".join(lines[begin:])
