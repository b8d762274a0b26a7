"""Pairs are counted exactly, however the text comes and however little memory there is."""

from collections import Counter
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.domains.pair_counts import DENSE, counted
from phasemix.domains.sorted_runs import SortedRuns
from phasemix.domains.text_blocks import GAP

VOCABULARIES = (20, 2 * DENSE)
documents = st.lists(st.lists(st.integers(0, 19), max_size=30), min_size=1, max_size=20)


def in_blocks(texts, size):
    """Texts one after another with gaps, in blocks of a size."""
    flat = np.array([each for text in texts for each in (*text, GAP)], dtype=np.int64)
    return [flat[first : first + size] for first in range(0, len(flat), size)]


def found(blocks, vocabulary, entries=10**6):
    with counted(blocks, vocabulary, entries) as counts:
        pairs = {
            divmod(int(key), vocabulary): int(number)
            for keys, numbers in counts.pairs()
            for key, number in zip(keys, numbers)
        }
        assert sum(len(keys) for keys, _ in counts.pairs()) == len(pairs)
        return counts.tokens, counts.firsts, pairs


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@given(texts=documents, size=st.integers(1, 100), entries=st.integers(1, 60))
def test_counts_are_those_of_a_counter(vocabulary, texts, size, entries):
    tokens, firsts, pairs = found(in_blocks(texts, size), vocabulary, entries)
    expected = Counter(pair for text in texts for pair in pairwise(text))
    assert pairs == expected
    assert {i: n for i, n in enumerate(tokens) if n} == Counter(each for text in texts for each in text)
    assert {i: n for i, n in enumerate(firsts) if n} == Counter(each for text in texts for each in text[:-1])


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@given(texts=documents, seed=st.integers(0, 99))
def test_the_order_of_documents_makes_no_difference(vocabulary, texts, seed):
    shuffled = [texts[i] for i in np.random.default_rng(seed).permutation(len(texts))]
    one, other = (found(in_blocks(each, 64), vocabulary) for each in (texts, shuffled))
    assert all(np.array_equal(a, b) for a, b in zip(one[:2], other[:2]))
    assert one[2] == other[2]


def test_a_text_can_reach_over_any_number_of_blocks_some_of_them_empty():
    blocks = [np.array(ids, dtype=np.int64) for ids in ([3], [], [4], [5, GAP], [], [3, 4])]
    assert found(blocks, 20)[2] == {(3, 4): 2, (4, 5): 1}


def test_the_largest_ids_fit():
    last = 2**31 - 1
    run = np.array([last - 1, last, last])
    keys = run[:-1] * 2**31 + run[1:]
    assert (keys > 0).all()
    assert found([np.array([50_303, 50_303, 0])], 50_304)[2] == {(50_303, 50_303): 1, (50_303, 0): 1}


def test_an_id_outside_the_vocabulary_is_refused():
    with pytest.raises(PhasemixError, match=r"has the id 20, and the vocabulary has 20 entries"):
        found([np.array([3, 20])], 20)


@given(
    chunks=st.lists(st.lists(st.integers(0, 40), max_size=40), max_size=12),
    entries=st.integers(1, 50),
)
def test_blocks_are_small_and_ascend(tmp_path_factory, chunks, entries):
    runs = SortedRuns(tmp_path_factory.mktemp("runs"), entries)
    for chunk in chunks:
        runs.add(np.array(chunk, dtype=np.int64))
    blocks = list(runs.blocks())
    flat = list(chain.from_iterable(chunks))
    keys = [int(key) for found, _ in blocks for key in found]
    assert keys == sorted(set(flat))
    assert all(len(found) <= max(entries, len(chunks) + 1) for found, _ in blocks)
    assert Counter(flat) == {int(key): int(n) for found, counts in blocks for key, n in zip(found, counts, strict=True)}


def test_what_memory_does_not_hold_is_on_disk(tmp_path):
    rng = np.random.default_rng(0)
    runs = SortedRuns(tmp_path, entries=1000)
    keys = rng.integers(0, 10**6, size=(20, 900))
    for chunk in keys:
        runs.add(chunk)
    written = sorted(tmp_path.iterdir())
    assert len(written) >= 2 * 9
    on_disk = sum(len(np.load(path, mmap_mode="r")) for path in written if "keys" in path.name)
    assert len(np.unique(keys)) - on_disk < 1000  # in memory
    seen, counts = np.unique(keys, return_counts=True)
    blocks = list(runs.blocks())
    assert len(blocks) > 15
    assert np.array_equal(np.concatenate([block for block, _ in blocks]), seen)
    assert np.array_equal(np.concatenate([block for _, block in blocks]), counts)


def test_pairs_that_come_again_and_again_stay_in_memory(tmp_path):
    runs = SortedRuns(tmp_path, entries=100)
    for _ in range(50):
        runs.add(np.arange(40))
    assert list(tmp_path.iterdir()) == []
    ((keys, counts),) = runs.blocks()
    assert np.array_equal(keys, np.arange(40))
    assert (counts == 50).all()


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    blocks = [np.random.default_rng(0).integers(0, 5000, size=2000)]
    with counted(blocks, 5000, entries=100) as counts:
        assert len(list(tmp_path.glob("*/*.npy"))) == 2
        assert sum(int(found.sum()) for _, found in counts.pairs()) == 1999
    assert list(tmp_path.iterdir()) == []
