"""Shared text is what domains share, and runs of tokens lie within documents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.domains.overlap import LENGTH, _mixed, shared, sketch
from phasemix.domains.text_blocks import GAP, text_blocks
from tests.domains.folders import write_folder

documents = st.lists(st.lists(st.integers(0, 2), max_size=15), max_size=10)


def in_blocks(texts, size=1000):
    flat = np.array([each for text in texts for each in (*text, GAP)], dtype=np.int64)
    return [flat[first : first + size] for first in range(0, len(flat), size)]


def ngrams(texts, n):
    return {tuple(text[i : i + n]) for text in texts for i in range(len(text) - n + 1)}


def overlap_of(folders):
    return shared({name: sketch(text_blocks(folder), one_in=1) for name, folder in folders.items()})


def tokens(count, seed):
    return np.random.default_rng(seed).integers(1, 50_000, size=count).tolist()


def test_documents_made_by_hand(tmp_path):
    common = list(range(100, 120))  # 8 runs of 13
    folders = {
        "web": write_folder(tmp_path / "web", [common, list(range(200, 216))]),  # and 4 runs of its own
        "notes": write_folder(tmp_path / "notes", [common, common]),
        "code": write_folder(tmp_path / "code", [list(range(300, 340)), common[:12]]),
        "short": write_folder(tmp_path / "short", [common[:12]]),
    }
    found = overlap_of(folders)
    assert found.domains == ("web", "notes", "code", "short")
    assert found.sketched[:, 0].tolist() == [12, 8, 28, 0]
    expected = [[1, 8 / 12, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [np.nan] * 4]
    np.testing.assert_allclose(found.shares, expected)


def test_runs_do_not_cross_documents(tmp_path):
    text = tokens(40, 0)
    cut = overlap_of(
        {
            "whole": write_folder(tmp_path / "whole", [text]),
            "parts": write_folder(tmp_path / "parts", [text[:20], text[20:]]),
        }
    )
    assert cut.sketched[:, 0].tolist() == [28, 16]
    np.testing.assert_allclose(cut.shares, [[1, 16 / 28], [1, 1]])


@given(one=documents, other=documents, n=st.integers(1, 5), size=st.integers(1, 30))
def test_whole_sketches_are_sets_of_runs(one, other, n, size):
    found = shared({name: sketch(in_blocks(texts, size), n, 1) for name, texts in (("a", one), ("b", other))})
    mine, theirs = ngrams(one, n), ngrams(other, n)
    assert found.sketched[:, 0].tolist() == [len(mine), len(theirs)]
    for i, (these, those) in enumerate(((mine, theirs), (theirs, mine))):
        if these:
            assert found.shares[i, 1 - i] == pytest.approx(len(these & those) / len(these))
        else:
            assert np.isnan(found.shares[i]).all()


@pytest.mark.parametrize("ids", [50_304, 4])
def test_a_sketch_estimates_the_share_and_keeps_one_in_so_many(ids):
    """Also of few different ids, as the last bits of ids must not decide."""
    rng = np.random.default_rng(1)
    common, mine, theirs = (rng.integers(0, ids, size=size).tolist() for size in (30_000, 70_000, 20_000))
    sketches = {name: sketch(in_blocks([common, own]), 16, 16) for name, own in (("a", mine), ("b", theirs))}
    found = shared(sketches)
    for kept, runs in zip(found.sketched[:, 0], (100_000, 50_000)):
        assert kept == pytest.approx(runs / 16, abs=5 * np.sqrt(runs / 16))
    assert found.shares[0, 1] == pytest.approx(0.3, abs=0.03)
    assert found.shares[1, 0] == pytest.approx(0.6, abs=0.03)


def test_a_sketch_is_a_part_of_the_whole_one_in_any_blocks():
    texts = [tokens(500, seed) for seed in range(20)]
    whole = sketch(in_blocks(texts), LENGTH, 1)
    part = sketch(in_blocks(texts), LENGTH, 8)
    assert part[0] == (2**64 - 1) // 8
    assert np.array_equal(part[1:], whole[1:][whole[1:] <= part[0]])
    assert np.array_equal(part, sketch(in_blocks(texts, 37), LENGTH, 8))
    assert np.array_equal(part, sketch(in_blocks(texts[::-1]), LENGTH, 8))


def test_what_is_kept_does_not_hang_on_the_last_bits_of_tokens():
    ids = np.arange(50_000)
    alike = ids[_mixed(ids.astype(np.uint64)) % 16 == 0]
    text = np.random.default_rng(0).choice(alike, size=20_000).tolist()
    assert len(sketch(in_blocks([text]), LENGTH, 16)) - 1 == pytest.approx(20_000 / 16, rel=0.15)


def test_the_order_of_tokens_counts():
    text = tokens(13, 0)
    assert len(sketch(in_blocks([text, text[::-1], [*text[1:], text[0]]]), 13, 1)) - 1 == 3


def test_a_large_domain_keeps_fewer_runs_and_is_compared_below_the_lower_bound():
    """Memory stays bounded; the share is still that of all runs."""
    rng = np.random.default_rng(2)
    common, mine = (rng.integers(0, 50_304, size=size).tolist() for size in (30_000, 70_000))
    large = sketch(in_blocks([common, mine]), 16, 1, most=4000)
    small = sketch(in_blocks([common]), 16, 1, most=40_000)
    assert 2000 <= len(large) - 1 <= 4000
    assert np.array_equal(large, sketch(in_blocks([mine, common], 500), 16, 1, most=4000))
    found = shared({"large": large, "small": small})
    assert found.sketched[0, 1] == len(large) - 1
    assert found.shares[1, 0] == 1
    assert found.shares[0, 1] == pytest.approx(0.3, abs=0.04)
