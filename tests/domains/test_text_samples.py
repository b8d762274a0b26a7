"""Samples are runs of words of one text each."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from phasemix.domains.text_samples import samples_of


def test_by_hand():
    texts = ["a  b\tc\nd e", "f g", "h", "", "i j k l"]
    assert list(samples_of(texts, 4)) == [(0, list("abcd")), (1, ["f", "g"]), (4, list("ijkl"))]
    assert list(samples_of(["a b c d e f g"], 3)) == [(0, list("abc")), (0, list("def"))]
    assert list(samples_of(["a b", "c"], 5)) == []  # less than a half


@given(st.lists(st.integers(0, 40), max_size=10), st.integers(1, 12))
def test_samples_are_consecutive_words_in_their_order(lengths, words):
    texts = [[f"{number}.{i}" for i in range(length)] for number, length in enumerate(lengths)]
    found = list(samples_of(map(" ".join, texts), words))
    for number, text in enumerate(texts):
        mine = [sample for document, sample in found if document == number]
        if len(text) < words:
            assert mine == ([text] if 2 * len(text) >= words else [])
        else:
            assert list(chain.from_iterable(mine)) == text[: len(text) // words * words]
            assert all(len(sample) == words for sample in mine)
