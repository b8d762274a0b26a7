"""Tokens and their mixture: exact counts, no repetition, the same web stream, resumable anywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.corpora import mixture as mixture_module
from phasemix.corpora.documents import read_documents
from phasemix.corpora.mixture import IGNORED, Mixture, Position, Showings
from phasemix.corpora.tokenizer import encode_documents
from phasemix.corpora.tokens import WebTokens, heldout_tokens
from phasemix.errors import PhasemixError
from phasemix.files import read_json
from phasemix.seeds import generator

BATCH, CONTEXT = 4, 32


@pytest.fixture
def small_segments(monkeypatch):
    monkeypatch.setattr(mixture_module, "SEGMENT_TOKENS", 5 * BATCH * CONTEXT)


@pytest.fixture
def web(corpora):
    return WebTokens(corpora / "tokens", generator(0, "web order"))


def make(web, synbio, tokenizer, ratio=0.4, batches=18, seed=7):
    sizes = {"batches": batches, "batch_size": BATCH, "context": CONTEXT}
    return Mixture(web, synbio, tokenizer, ratio=ratio, seed=seed, **sizes)


def drain(mixture):
    batches = []
    while True:
        try:
            batches.append(next(mixture))
        except StopIteration:
            return batches


def test_tokens_on_disk_are_the_documents(corpora, tokenizer):
    texts = [text for batch in read_documents(corpora / "web.parquet", heldout=False) for text in batch]
    expected = [i for ids in encode_documents(tokenizer, texts) for i in ids]
    facts = read_json(corpora / "tokens" / "checksums.json")
    assert np.fromfile(corpora / "tokens" / "train.bin", dtype=facts["dtype"]).tolist() == expected
    assert facts["train_tokens"] == len(expected)
    assert len(heldout_tokens(corpora / "tokens", facts["heldout_tokens"] - 1)) == facts["heldout_tokens"]
    with pytest.raises(PhasemixError, match=r"raise web\.heldout_fraction"):
        heldout_tokens(corpora / "tokens", facts["heldout_tokens"])


@given(first=st.integers(0, 5000), length=st.integers(0, 3000))
def test_any_span_of_the_web_stream_is_what_reading_it_whole_gives(corpora, first, length):
    web = WebTokens(corpora / "tokens", generator(3, "web order"))
    whole = np.concatenate(web.documents(0, web.tokens))
    assert sum(map(len, web.documents(0, web.tokens))) == web.tokens
    span = web.documents(first, first + length)
    assert (np.concatenate(span) if span else np.array([])).tolist() == whole[first : first + length].tolist()


def test_the_web_stream_is_a_permutation_of_documents(corpora, web):
    facts = read_json(corpora / "tokens" / "checksums.json")
    stored = np.fromfile(corpora / "tokens" / "train.bin", dtype=facts["dtype"])
    ends = np.flatnonzero(stored == 0) + 1
    documents = sorted(tuple(part) for part in np.split(stored, ends[:-1]))
    assert sorted(tuple(part) for part in web.documents(0, web.tokens)) == documents


@given(ratio=st.floats(0, 1), batches=st.integers(1, 20))
def test_token_counts_are_exact(corpora, synbio, tokenizer, ratio, batches):
    web = WebTokens(corpora / "tokens", generator(0, "web order"))
    mixture = make(web, synbio, tokenizer, ratio=ratio, batches=batches)
    dense, rest = mixture._split(batches)
    assert dense + rest == batches * BATCH * CONTEXT
    assert abs(dense - ratio * batches * BATCH * CONTEXT) <= 0.5
    found = drain(mixture)
    assert [inputs.shape for inputs, _ in found] == [(BATCH, CONTEXT)] * batches


def test_the_mixture_holds_exactly_the_documents_of_both_sources(small_segments, web, synbio, tokenizer):
    """Every token of the stream is accounted for: the web's first (1−r)·S and the first showings' r·S."""
    mixture = make(web, synbio, tokenizer)
    got = np.sort(np.concatenate([inputs.ravel() for inputs, _ in drain(mixture)]))
    dense, rest = mixture._split(18)
    showings, expected, first = Showings(synbio, tokenizer, 7), [], 0
    for begin in range(0, 18, 5):
        tokens = mixture._split(min(begin + 5, 18))[0] - mixture._split(begin)[0]
        shown = showings.documents(first, tokens)
        first += len(shown)
        expected += shown
    assert sum(map(len, expected)) == dense
    assert np.array_equal(got, np.sort(np.concatenate(expected + web.documents(0, rest))))
    assert mixture.position.showing == first


def test_targets_are_the_next_tokens(small_segments, web, synbio, tokenizer):
    for inputs, targets in drain(make(web, synbio, tokenizer)):
        assert np.array_equal(inputs[:, 1:], targets[:, :-1])
    rows = {tuple(row): target for row, target in zip(inputs.tolist(), targets[:, -1].tolist(), strict=True)}
    starts = {row[0] for row in rows}
    assert all(target in starts or target == IGNORED or target >= 0 for target in rows.values())


def test_every_person_is_shown_once_an_epoch_in_a_fresh_order(synbio, tokenizer):
    showings = Showings(synbio, tokenizer, seed=1)
    names = [tokenizer.decode(ids) for ids in showings.documents(0, 50 * 200)]
    people = synbio.people["name"].tolist()
    who = [next(i for i, name in enumerate(people) if name in text) for text in names[:40]]
    assert sorted(who[:20]) == sorted(who[20:]) == list(range(20))
    assert who[:20] != who[20:]


def test_showings_are_the_same_from_wherever_one_starts(synbio, tokenizer):
    showings = Showings(synbio, tokenizer, seed=1)
    whole = showings.documents(0, 5000)
    part = showings.documents(13, 1000)
    assert [ids.tolist() for ids in part[:-1]] == [ids.tolist() for ids in whole[13 : 13 + len(part) - 1]]


def test_the_web_stream_is_the_same_at_every_ratio(monkeypatch, corpora, synbio, tokenizer):
    asked = {}

    class Recording(WebTokens):
        def documents(self, first, last):
            asked.setdefault(ratio, []).extend(super().documents(first, last))
            return super().documents(first, last)

    for ratio in (0.1, 0.5):
        drain(make(Recording(corpora / "tokens", generator(0, "web order")), synbio, tokenizer, ratio=ratio))
    few, many = (np.concatenate(asked[ratio]) for ratio in (0.5, 0.1))
    assert np.array_equal(few, many[: len(few)])
    assert len(many) > len(few)


@given(stop=st.integers(0, 17))
def test_a_stream_goes_on_from_any_position(corpora, synbio, tokenizer, stop):
    web = WebTokens(corpora / "tokens", generator(0, "web order"))
    original = mixture_module.SEGMENT_TOKENS
    mixture_module.SEGMENT_TOKENS = 5 * BATCH * CONTEXT
    try:
        whole = drain(make(web, synbio, tokenizer))
        first = make(web, synbio, tokenizer)
        for _ in range(stop):
            next(first)
        second = make(web, synbio, tokenizer)
        second.position = Position(**vars(first.position))
        rest = drain(second)
    finally:
        mixture_module.SEGMENT_TOKENS = original
    assert len(rest) == 18 - stop
    assert all(np.array_equal(a, b) for old, new in zip(whole[stop:], rest, strict=True) for a, b in zip(old, new))
    assert second.position == Position(18, second.position.showing)


def test_seeds_decide(web, synbio, tokenizer):
    batches = {seed: drain(make(web, synbio, tokenizer, seed=seed))[0][0] for seed in (1, 2)}
    assert np.array_equal(batches[1], drain(make(web, synbio, tokenizer, seed=1))[0][0])
    assert not np.array_equal(batches[1], batches[2])


def test_too_little_web_text_is_refused_before_training(web, synbio, tokenizer):
    with pytest.raises(PhasemixError, match=r"at ratio 0\.1 the run needs .* tokens of web text, seen once each"):
        make(web, synbio, tokenizer, ratio=0.1, batches=10_000)
