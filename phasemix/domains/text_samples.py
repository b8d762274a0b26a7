"""Samples of a domain's text: runs of words of one document each."""

from collections.abc import Iterable, Iterator

WORDS = 100

Sample = tuple[int, list[str]]
"""The number of a document, and the words of a run in it."""


def samples_of(texts: Iterable[str], words: int = WORDS) -> Iterator[Sample]:
    """Cut texts into runs of ``words`` consecutive words; a word is a maximal run of characters that are not spaces.

    What is left at the end of a text makes no sample, so that samples are of one length. A text that is shorter than a
    run makes one shorter sample if it has at least half as many words, and else none.

    Yields:
        The number of the text, counted from 0, and the words of the sample.
    """
    for number, text in enumerate(texts):
        found = text.split()
        if words > len(found) >= words / 2:
            yield number, found
        for first in range(0, len(found) - words + 1, words):
            yield number, found[first : first + words]
