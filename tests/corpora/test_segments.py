"""Segments, and how many tokens of every source stand before each."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.corpora import segments as segments_module
from phasemix.corpora.segments import Segments, Shares, apportion
from phasemix.study.mixture import MixtureSpec, Phase, mixed_at


@st.composite
def proportions(draw, least=1, most=7):
    """Proportions of some sources, many of them 0, that sum to 1 but for rounding."""
    weights = draw(st.lists(st.one_of(st.just(0), st.integers(1, 1000)), min_size=least, max_size=most).filter(any))
    return [weight / sum(weights) for weight in weights]


@given(parts=proportions(), total=st.integers(0, 10**12), more=st.integers(0, 1000))
def test_every_source_gets_its_share(parts, total, more):
    found = apportion(parts, total)
    assert sum(found) == total
    for part, exact, later in zip(found, parts, apportion(parts, total + more), strict=True):
        assert abs(part - exact * total) <= (len(parts) - 1) / 2 + 1e-12 * total
        assert part <= later  # so no token is ever taken back
        assert part == 0 or exact > 0


@given(ratio=st.floats(0, 1), total=st.integers(0, 10**12))
def test_of_two_sources_the_first_gets_its_share_rounded(ratio, total):
    assert apportion([ratio, 1 - ratio], total) == (round(ratio * total), total - round(ratio * total))


def test_shares_worked_out_by_hand():
    """Of 10 tokens at .26, .26, .48, the first two have round(.52 · 10) = 5, and of these the first round(2.5) = 2."""
    assert apportion([0.26, 0.26, 0.48], 10) == (2, 3, 5)
    assert apportion([1.0], 7) == (7,)
    assert apportion([0.0, 1.0, 0.0], 7) == (0, 7, 0)


def test_proportions_that_miss_one_by_rounding_give_nothing_to_a_source_without_a_part():
    assert apportion([0.333333333, 0.333333333, 0.333333333, 0.0], 10**12)[3] == 0


@given(ratio=st.floats(0, 1), batch_tokens=st.sampled_from([128, 2048, 1000, 2**20]), batches=st.integers(1, 2000))
def test_every_segment_has_its_exact_share(ratio, batch_tokens, batches):
    segments = Segments(batch_tokens)
    shares = Shares.of(mixed_at(ratio, "dense", "base"), segments)
    assert segments.tokens == segments.batches * batch_tokens
    assert segments.tokens >= segments_module.SEGMENT_TOKENS > segments.tokens - batch_tokens
    for k in (1, 2, 7):
        dense, rest = shares.before(k)
        assert dense + rest == k * segments.tokens
        assert abs(dense - ratio * k * segments.tokens) <= 0.5
    touched = -(-batches // segments.batches)
    assert segments.touched(batches) == touched
    assert shares.tokens(batches) == dict(zip(("dense", "base"), shares.before(touched), strict=True))


def phased(*phases):
    """A mixture of a and b: pairs of a's proportion and the token until which it holds."""
    return MixtureSpec(phases=[Phase(proportions={"a": a, "b": 1 - a}, until=until) for a, until in phases])


TEN = Segments(2**16 // 8)  # eight batches to a segment, of 2**16 tokens


def test_phases_begin_at_the_segment_nearest_to_where_they_should():
    shares = Shares.of(phased((0.2, round(2.4 * 2**16)), (0.5, round(5.6 * 2**16)), (1.0, None)), TEN)
    assert [shares.proportions(k)["a"] for k in range(9)] == [0.2, 0.2, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0]
    assert shares.before(2) == (round(0.4 * 2**16), 2 * 2**16 - round(0.4 * 2**16))
    assert shares.before(6)[0] == round(0.4 * 2**16) + 2 * 2**16
    assert shares.before(8)[0] == round(0.4 * 2**16) + 4 * 2**16


def test_a_phase_shorter_than_half_a_segment_is_passed_over():
    shares = Shares.of(phased((0.2, 1000), (0.5, None)), TEN)
    assert [shares.proportions(k)["a"] for k in range(2)] == [0.5, 0.5]
    shares = Shares.of(phased((0.2, 2**16), (0.3, 2**16 + 1000), (0.5, None)), TEN)
    assert [shares.proportions(k)["a"] for k in range(3)] == [0.2, 0.5, 0.5]


@given(st.lists(st.tuples(st.integers(0, 6), proportions(3, 3)), min_size=1, max_size=6))
def test_whatever_is_changed_no_token_of_a_source_is_taken_back(changes):
    """As a controller changes them: each from a segment that has not begun on."""
    shares = Shares.of(MixtureSpec.constant({"a": 0.5, "b": 0.25, "c": 0.25}), TEN)
    segment = 0
    for step, parts in changes:
        past = [shares.before(k) for k in range(segment + 1)]
        shares.change(segment, dict(zip("abc", parts, strict=True)))
        assert [shares.before(k) for k in range(segment + 1)] == past
        segment += step
    totals = [shares.before(k) for k in range(segment + 4)]
    assert [sum(total) for total in totals] == [k * TEN.tokens for k in range(segment + 4)]
    assert all(one <= other for pair in itertools.pairwise(totals) for one, other in zip(*pair))


def test_a_change_where_one_was_made_takes_its_place():
    shares = Shares.of(mixed_at(0.5, "a", "b"), TEN)
    shares.change(3, {"a": 1.0, "b": 0.0})
    shares.change(3, {"a": 0.0, "b": 1.0})
    assert shares.proportions(3)["a"] == 0.0
    assert shares.proportions(2)["a"] == 0.5
    assert len(shares.stretches) == 2
    shares.change(0, {"a": 0.1, "b": 0.9})
    assert [stretch.first for stretch in shares.stretches] == [0]


def test_a_source_that_is_not_named_cannot_be_changed():
    with pytest.raises(KeyError, match="b"):
        Shares.of(mixed_at(0.5, "a", "b"), TEN).change(1, {"a": 1.0})
