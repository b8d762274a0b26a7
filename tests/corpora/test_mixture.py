"""Tokens and their mixture: exact counts, no repetition, the same web stream, resumable anywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.base.seeds import generator
from phasemix.corpora import segments as segments_module
from phasemix.corpora.documents import read_documents
from phasemix.corpora.mixture import BIOGRAPHIES_A_CALL, IGNORED, Mixture, Position, Showings
from phasemix.corpora.ragged import gather
from phasemix.corpora.segments import Segments
from phasemix.corpora.tokenizer import encode_documents
from phasemix.corpora.tokens import WebTokens, heldout_tokens
from phasemix.tasks.synbio.people import SynBio, draw_people
from phasemix.tasks.synbio.pieces import Biographies, write_pieces
from tests.conftest import SMALL

BATCH, CONTEXT = 4, 32


@pytest.fixture
def small_segments(monkeypatch):
    monkeypatch.setattr(segments_module, "SEGMENT_TOKENS", 5 * BATCH * CONTEXT)


@pytest.fixture
def web(corpora):
    return WebTokens(corpora / "tokens", generator(0, "web order"))


def make(web, biographies, ratio=0.4, batches=18, seed=7):
    sizes = {"batches": batches, "batch_size": BATCH, "context": CONTEXT}
    return Mixture(web, biographies, ratio=ratio, seed=seed, **sizes)


def parts(documents):
    """The documents of flat ids and lengths, as lists."""
    ids, lengths = documents
    assert lengths.sum() == len(ids)
    return [part.tolist() for part in np.split(ids, np.cumsum(lengths)[:-1])] if len(lengths) else []


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


@given(data=st.data())
def test_gathering_is_slicing(data):
    flat = np.arange(1000, 1100)
    spans = data.draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 10)), max_size=30))
    starts, lengths = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    expected = [number for start, length in spans for number in flat[start : start + length]]
    assert gather(flat, starts, lengths).tolist() == expected


@given(first=st.integers(0, 5000), length=st.integers(0, 3000))
def test_any_span_of_the_web_stream_is_what_reading_it_whole_gives(corpora, first, length):
    web = WebTokens(corpora / "tokens", generator(3, "web order"))
    whole, lengths = web.documents(0, web.tokens)
    assert len(whole) == lengths.sum() == web.tokens
    span, cut = web.documents(first, first + length)
    assert span.tolist() == whole[first : first + length].tolist()
    ends = np.cumsum(lengths)
    inner = ends[(ends > first) & (ends < first + length)]
    assert (first + np.cumsum(cut)).tolist() == [*inner, *([first + length] if length else [])]
    assert (cut > 0).all()


def test_the_web_stream_is_a_permutation_of_documents(corpora, web):
    facts = read_json(corpora / "tokens" / "checksums.json")
    stored = np.fromfile(corpora / "tokens" / "train.bin", dtype=facts["dtype"])
    ends = np.flatnonzero(stored == 0) + 1
    documents = sorted(part.tolist() for part in np.split(stored, ends[:-1]))
    assert sorted(parts(web.documents(0, web.tokens))) == documents


@given(ratio=st.floats(0, 1), batch_tokens=st.sampled_from([128, 2048, 1000, 2**20]), batches=st.integers(1, 2000))
def test_every_segment_has_its_exact_share(ratio, batch_tokens, batches):
    segments = Segments(ratio, batch_tokens)
    tokens = segments.batches * batch_tokens
    assert tokens >= segments_module.SEGMENT_TOKENS > tokens - batch_tokens
    for k in (1, 2, 7):
        dense, rest = segments.before(k)
        assert dense + rest == k * tokens
        assert abs(dense - ratio * k * tokens) <= 0.5
    touched = -(-batches // segments.batches)
    assert segments.web_tokens(batches) == segments.before(touched)[1]


@given(ratio=st.floats(0, 1), batches=st.integers(1, 20))
def test_the_stream_has_as_many_batches_as_asked_for(corpora, biographies, ratio, batches):
    web = WebTokens(corpora / "tokens", generator(0, "web order"))
    found = drain(make(web, biographies, ratio=ratio, batches=batches))
    assert [inputs.shape for inputs, _ in found] == [(BATCH, CONTEXT)] * batches
    assert {array.dtype for pair in found for array in pair} == {np.dtype(np.int64)}


def test_the_mixture_holds_exactly_the_documents_of_both_sources(small_segments, web, biographies):
    """Every token of whole segments is accounted for: the web's first (1−r)·S and the first showings' r·S."""
    mixture = make(web, biographies, batches=20)
    got = np.sort(np.concatenate([inputs.ravel() for inputs, _ in drain(mixture)]))
    segments = Segments(0.4, BATCH * CONTEXT)
    dense, rest = segments.before(4)
    showings, expected, first = Showings(biographies, 7), [], 0
    for k in range(4):
        ids, lengths = showings.documents(first, segments.before(k + 1)[0] - segments.before(k)[0])
        first += len(lengths)
        expected.append(ids)
    assert sum(map(len, expected)) == dense
    assert np.array_equal(got, np.sort(np.concatenate([*expected, web.documents(0, rest)[0]])))
    assert mixture.position.showing == mixture.showings == first


def shown_by_rendering(synbio, tokenizer, seed, count):
    """The first showings, rendered and tokenised one chunk of one epoch after another."""
    found, epoch = [], 0
    while len(found) < count:
        order = generator(seed, "epoch", epoch).permutation(len(synbio))
        for chunk, first in enumerate(range(0, len(synbio), BIOGRAPHIES_A_CALL)):
            persons = order[first : first + BIOGRAPHIES_A_CALL]
            texts = synbio.biographies(persons, generator(seed, "templates", epoch, chunk))
            found += encode_documents(tokenizer, texts)
        epoch += 1
    return found[:count]


def test_a_segment_is_what_loops_make_of_its_documents(small_segments, web, synbio, tokenizer, biographies):
    segments = Segments(0.4, BATCH * CONTEXT)
    (dense_before, web_before), (dense, web_end) = segments.before(0), segments.before(1)
    documents, left = [], dense - dense_before
    for ids in shown_by_rendering(synbio, tokenizer, 7, 20):
        documents += [ids[:left]] if left else []
        left -= len(documents[-1]) if left else 0
    documents += parts(web.documents(web_before, web_end))
    rng = generator(7, "segment", 0)
    ids = [token for i in rng.permutation(len(documents)).tolist() for token in documents[i]]
    rows = rng.permutation(len(ids) // CONTEXT).tolist()
    found = drain(make(web, biographies, batches=5))
    inputs, targets = (np.concatenate(arrays).tolist() for arrays in zip(*found))
    assert inputs == [ids[row * CONTEXT : (row + 1) * CONTEXT] for row in rows]
    assert targets == [[*ids, IGNORED][row * CONTEXT + 1 : (row + 1) * CONTEXT + 1] for row in rows]


def test_runs_that_differ_only_in_length_share_their_beginning(small_segments, web, biographies):
    long = drain(make(web, biographies, batches=23))
    for batches in (1, 5, 7, 18):
        short = drain(make(web, biographies, batches=batches))
        assert len(short) == batches
        assert all(np.array_equal(a, b) for old, new in zip(long, short) for a, b in zip(old, new))


def test_showings_go_on_inside_a_segment(small_segments, web, biographies):
    mixture = make(web, biographies, batches=8)
    seen = [mixture.showings]
    for _ in range(8):
        next(mixture)
        seen.append(mixture.showings)
    whole = mixture.position.showing
    assert seen[:6] == [round(whole * done / 5) for done in range(6)]
    assert sorted(seen) == seen
    resumed = make(web, biographies, batches=8)
    resumed.position = Position(**vars(mixture.position))
    assert resumed.showings == seen[-1] > whole


def test_targets_are_the_next_tokens(small_segments, web, biographies):
    for inputs, targets in drain(make(web, biographies)):
        assert np.array_equal(inputs[:, 1:], targets[:, :-1])
    rows = {tuple(row): target for row, target in zip(inputs.tolist(), targets[:, -1].tolist(), strict=True)}
    starts = {row[0] for row in rows}
    assert all(target in starts or target == IGNORED or target >= 0 for target in rows.values())


def test_every_person_is_shown_once_an_epoch_in_a_fresh_order(biographies, tokenizer):
    showings = Showings(biographies, seed=1)
    names = [tokenizer.decode(ids) for ids in parts(showings.documents(0, 50 * 200))]
    people = biographies.synbio.people["name"].tolist()
    who = [next(i for i, name in enumerate(people) if name in text) for text in names[:40]]
    assert sorted(who[:20]) == sorted(who[20:]) == list(range(20))
    assert who[:20] != who[20:]


@given(first=st.integers(0, 1500), tokens=st.integers(0, 3000))
def test_showings_are_the_same_from_wherever_one_starts(biographies, synbio, tokenizer, first, tokens):
    found = parts(Showings(biographies, seed=1).documents(first, tokens))
    assert sum(map(len, found)) == tokens
    expected = shown_by_rendering(synbio, tokenizer, 1, first + len(found))[first:]
    assert found[:-1] == expected[:-1]
    assert not found or (found[-1] and found[-1] == expected[-1][: len(found[-1])])


def test_showings_of_more_people_than_a_chunk(tmp_path, tokenizer):
    synbio = SynBio(draw_people(BIOGRAPHIES_A_CALL + 100, SMALL, seed=2), heldout_templates=2)
    write_pieces(synbio.people, tokenizer, tmp_path)
    showings = Showings(Biographies(tmp_path, synbio, tokenizer), seed=3)
    expected = shown_by_rendering(synbio, tokenizer, 3, 1400)
    for first in (0, 500, 611, 700, 1130):
        found = parts(showings.documents(first, 15_000))
        assert len(found) > 100
        assert found[:-1] == expected[first : first + len(found) - 1]


def test_the_web_stream_is_the_same_at_every_ratio(corpora, biographies):
    asked = {}

    class Recording(WebTokens):
        def documents(self, first, last):
            found = super().documents(first, last)
            asked.setdefault(ratio, []).append(found[0])
            return found

    for ratio in (0.1, 0.5):
        drain(make(Recording(corpora / "tokens", generator(0, "web order")), biographies, ratio=ratio))
    few, many = (np.concatenate(asked[ratio]) for ratio in (0.5, 0.1))
    assert np.array_equal(few, many[: len(few)])
    assert len(many) > len(few)


@given(stop=st.integers(0, 17))
def test_a_stream_goes_on_from_any_position(corpora, biographies, stop):
    web = WebTokens(corpora / "tokens", generator(0, "web order"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments_module, "SEGMENT_TOKENS", 5 * BATCH * CONTEXT)
        whole = drain(make(web, biographies))
        first = make(web, biographies)
        for _ in range(stop):
            next(first)
        second = make(web, biographies)
        second.position = Position(**vars(first.position))
        rest = drain(second)
    assert len(rest) == 18 - stop
    assert all(np.array_equal(a, b) for old, new in zip(whole[stop:], rest, strict=True) for a, b in zip(old, new))
    assert second.position == Position(18, second.position.showing)


def test_seeds_decide(web, biographies):
    batches = {seed: drain(make(web, biographies, seed=seed))[0][0] for seed in (1, 2)}
    assert np.array_equal(batches[1], drain(make(web, biographies, seed=1))[0][0])
    assert not np.array_equal(batches[1], batches[2])


def test_too_little_web_text_is_refused_before_training(web, biographies):
    with pytest.raises(PhasemixError, match=r"at ratio 0\.1 the run needs .* tokens of web text, seen once each"):
        make(web, biographies, ratio=0.1, batches=10_000)
