"""Documents that are too like an earlier one, of the same source or of its family."""

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.tasks.text.near_duplicates import SIGNATURES, NearDuplicates

RNG = np.random.default_rng(0)


def text(words=400, seed=0):
    return " ".join(f"w{number}" for number in np.random.default_rng(seed).integers(0, 5000, words))


def changed(base, count):
    """The same text with so many words, far apart, replaced: each takes five shingles."""
    words = base.split()
    for place in np.linspace(10, len(words) - 10, count).astype(int):
        words[place] = f"new{place}"
    return " ".join(words)


def test_near_duplicates_are_left_out_and_others_stay():
    """Of 396 shingles, 4 words change 20 (Jaccard .90), 40 words change 200 (.33)."""
    base = text()
    near, far = changed(base, 4), changed(base, 40)
    found = NearDuplicates()
    assert list(found.without([base, near, far, base])) == [base, far]
    assert (found.documents, found.own, found.of_relatives) == (4, 2, 0)


def test_most_pairs_that_are_barely_near_are_found():
    """6 words of 400 change 30 shingles (Jaccard .86): the candidates hold 99 % of such pairs, the estimate 97 %."""
    found = NearDuplicates()
    stayed = list(found.without(each for seed in range(40) for each in (text(seed=seed), changed(text(seed=seed), 6))))
    assert found.own >= 37
    assert len(stayed) == 80 - found.own


def test_documents_of_relatives_count_as_earlier_ones(tmp_path):
    first, second = NearDuplicates(), text(seed=1)
    assert len(list(first.without([text(), second]))) == 2
    first.write(tmp_path)
    assert np.load(tmp_path / SIGNATURES).shape == (2, 128)
    then, third = NearDuplicates([tmp_path]), text(seed=2)
    assert list(then.without([changed(second, 4), third, changed(third, 4)])) == [third]
    assert (then.documents, then.own, then.of_relatives) == (3, 1, 1)
    then.write(tmp_path / "own")
    assert np.load(tmp_path / "own" / SIGNATURES).shape == (1, 128), "only its own are written"


def test_short_and_missing_texts():
    found = NearDuplicates()
    given = ["two words", None, "", "two words", "two other", "  "]
    assert list(found.without(given)) == ["two words", None, "", "two other", "  "]
    assert (found.documents, found.own) == (3, 1)


def test_the_same_bytes_every_time(tmp_path):
    for name in ("a", "b"):
        duplicates = NearDuplicates()
        list(duplicates.without([text(seed=seed) for seed in range(20)]))
        duplicates.write(tmp_path / name)
    assert (tmp_path / "a" / SIGNATURES).read_bytes() == (tmp_path / "b" / SIGNATURES).read_bytes()


def test_a_relative_without_signatures_is_named(tmp_path):
    with pytest.raises(PhasemixError, match=r"signatures\.npy: is not there or damaged"):
        NearDuplicates([tmp_path])
