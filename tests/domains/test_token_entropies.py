"""Entropies of counts are those of the distributions that they are proportional to."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from phasemix.base.errors import PhasemixError
from phasemix.domains.token_entropies import conditional_bias, pair_entropies, shannon_entropy

EXACT = 1e-9
matrices = arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 10**6)).filter(
    np.any
)


def entropy(*shares):
    return -math.fsum(p * math.log(p) for p in shares if p)


@pytest.mark.parametrize("values", [1, 2, 7, 50_304])
def test_of_a_uniform_distribution(values):
    assert shannon_entropy(np.full(values, 12)) == pytest.approx(math.log(values), abs=EXACT)


@pytest.mark.parametrize("values", [2, 3, 10, 40])
def test_of_a_geometric_distribution(values):
    """½, ¼, … and the last twice."""
    counts = 2 ** np.array([*range(values - 2, -1, -1), 0])
    assert shannon_entropy(counts) == pytest.approx((2 - 2.0 ** (2 - values)) * math.log(2), abs=EXACT)


def test_by_hand():
    assert shannon_entropy(np.array([3, 0, 1])) == pytest.approx(2 * math.log(2) - 0.75 * math.log(3), abs=EXACT)


def test_of_counts_as_large_as_a_web_corpus_has_them():
    counts = np.array([3, 1]) * 10**12
    assert shannon_entropy(counts) == pytest.approx(entropy(0.75, 0.25), abs=EXACT)


def test_the_conditional_entropy_of_a_markov_chain_is_its_rate():
    """It stays in state 0 with .9 and in state 1 with .6, and so is in state 0 four fifths of the time."""
    pairs = np.array([[72, 8], [8, 12]])
    joint, conditional = pair_entropies([pairs], pairs.sum(axis=1))
    assert conditional == pytest.approx(0.8 * entropy(0.9, 0.1) + 0.2 * entropy(0.4, 0.6), abs=EXACT)
    assert joint == pytest.approx(entropy(0.72, 0.08, 0.08, 0.12), abs=EXACT)


def test_what_follows_for_sure_has_no_conditional_entropy():
    pairs = np.diag([5, 11, 2])
    assert pair_entropies([pairs], pairs.sum(axis=1)) == (shannon_entropy(pairs), 0)


def test_independent_tokens_tell_nothing_of_each_other():
    pairs = np.outer([1, 2, 5], [4, 4, 3])
    _, conditional = pair_entropies([pairs], pairs.sum(axis=1))
    assert conditional == pytest.approx(shannon_entropy(np.array([4, 4, 3])), abs=EXACT)


@given(matrices)
def test_the_chain_rule_and_the_bounds(pairs):
    firsts, seconds = pairs.sum(axis=1), pairs.sum(axis=0)
    joint, conditional = pair_entropies([pairs], firsts)
    assert joint == pytest.approx(conditional + shannon_entropy(firsts), abs=EXACT)
    assert joint == pytest.approx(shannon_entropy(pairs), abs=EXACT)
    assert 0 <= conditional <= shannon_entropy(seconds) + EXACT
    assert shannon_entropy(seconds) <= math.log(pairs.shape[1]) + EXACT
    shares = pairs / pairs.sum()
    known = np.divide(shares, shares.sum(axis=1, keepdims=True), out=np.ones_like(shares), where=pairs > 0)
    assert conditional == pytest.approx(-math.fsum((shares * np.log(known)).ravel()), abs=EXACT)


@given(matrices, st.integers(1, 7))
def test_blocks_in_any_order_make_no_difference(pairs, parts):
    blocks = np.array_split(pairs.ravel()[::-1], parts)
    found = pair_entropies(blocks, pairs.sum(axis=1))
    assert found == pytest.approx(pair_entropies([pairs], pairs.sum(axis=1)), abs=EXACT)


def test_nothing_has_no_entropy():
    with pytest.raises(PhasemixError, match="nothing was counted"):
        shannon_entropy(np.zeros(3, dtype=np.int64))
    with pytest.raises(PhasemixError, match="nothing was counted"):
        pair_entropies([], np.zeros(3, dtype=np.int64))


def test_the_bias_of_the_conditional_entropy_is_nearly_what_few_tokens_make():
    """Uniform pairs of 40 ids: the true conditional entropy is log 40, and few tokens find less."""
    rng, found = np.random.default_rng(3), []
    for _ in range(60):
        ids = rng.integers(0, 40, size=20_001)
        pairs = np.bincount(ids[:-1] * 40 + ids[1:], minlength=1600)
        firsts = pairs.reshape(40, 40).sum(axis=1)
        found.append(pair_entropies([pairs], firsts)[1] - np.log(40))
    told = conditional_bias(1600, 40, 20_000)
    assert told == -1560 / 40_000
    assert np.mean(found) == pytest.approx(told, rel=0.06)
