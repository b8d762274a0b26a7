"""Tokens on disk are the documents; a stream of them is the same from wherever it is read, once or over and over."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.files import checksums_of, read_json
from phasemix.corpora.document_influences import DocumentInfluences
from phasemix.corpora.documents import read_documents
from phasemix.corpora.ragged import begins, gather
from phasemix.corpora.tokens import DocumentStream, heldout_tokens


def parts(taken):
    """The documents of what was taken, as lists."""
    assert taken.lengths.sum() == len(taken.ids)
    return [ids.tolist() for ids in np.split(taken.ids, np.cumsum(taken.lengths)[:-1])] if len(taken.lengths) else []


@pytest.fixture(scope="module")
def stored(data):
    """The documents of web's training split as its files hold them."""
    facts = read_json(checksums_of(data.tokens / "web"))
    ids = np.fromfile(data.tokens / "web" / "train.bin", dtype=facts["dtype"])
    return [part.tolist() for part in np.split(ids, np.flatnonzero(ids == 0)[:-1] + 1)]


def test_tokens_on_disk_are_the_documents(data, tokenizer, stored):
    texts = [
        text for batch in read_documents(data.corpora / "web" / "documents.parquet", heldout=False) for text in batch
    ]
    assert stored == tokenizer.encode_documents(texts)
    facts = read_json(checksums_of(data.tokens / "web"))
    assert facts["train_tokens"] == sum(map(len, stored))
    assert facts["train_documents"] == len(stored)
    assert len(heldout_tokens(data.tokens / "web", facts["heldout_tokens"] - 1)) == facts["heldout_tokens"]
    with pytest.raises(PhasemixError, match=r"raise heldout_fraction of this source, or lower evaluation\.loss_tokens"):
        heldout_tokens(data.tokens / "web", facts["heldout_tokens"])


@given(data=st.data())
def test_gathering_is_slicing(data):
    flat = np.arange(1000, 1100)
    spans = data.draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 10)), max_size=30))
    starts, lengths = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    expected = [number for start, length in spans for number in flat[start : start + length]]
    assert gather(flat, starts, lengths).tolist() == expected
    assert begins(lengths).tolist() == [sum(lengths[:i]) for i in range(len(lengths))]


@given(first=st.integers(0, 5000), length=st.integers(0, 3000), repeat=st.booleans())
def test_any_span_of_a_stream_is_what_reading_it_whole_gives(data, first, length, repeat):
    stream = DocumentStream(data.tokens / "web", 3, repeat=repeat)
    everything = read_json(checksums_of(data.tokens / "web"))["train_tokens"]
    assert stream.tokens == (None if repeat else everything)
    whole = DocumentStream(data.tokens / "web", 3).take(0, everything)
    assert len(whole.ids) == whole.lengths.sum() == whole.position == everything
    found = stream.take(first, length)
    assert found.ids.tolist() == whole.ids[first : first + length].tolist()
    assert found.position == first + length
    ends = np.cumsum(whole.lengths)
    inner = ends[(ends > first) & (ends < first + length)]
    assert (first + np.cumsum(found.lengths)).tolist() == [*inner, *([first + length] if length else [])]
    assert (found.lengths > 0).all()


def test_a_stream_is_a_permutation_of_documents(data, stored):
    stream = DocumentStream(data.tokens / "web", 0)
    found = parts(stream.take(0, stream.tokens))
    assert sorted(found) == sorted(stored)
    assert found != stored
    assert found != parts(DocumentStream(data.tokens / "web", 1).take(0, stream.tokens))


def test_a_stream_that_does_not_repeat_ends(data):
    stream = DocumentStream(data.tokens / "notes", 0)
    assert stream.take(stream.tokens, 0).position == stream.tokens
    with pytest.raises(
        PhasemixError, match=rf"the text ends after {stream.tokens:,} tokens, and {stream.tokens + 1:,} "
    ):
        stream.take(stream.tokens - 5, 6)


def test_a_stream_that_repeats_shows_every_document_once_an_epoch_in_a_fresh_order(data):
    whole = DocumentStream(data.tokens / "notes", 0).tokens
    stream = DocumentStream(data.tokens / "notes", 0, repeat=True)
    epochs = [parts(stream.take(epoch * whole, whole)) for epoch in range(4)]
    assert all(sorted(epoch) == sorted(epochs[0]) for epoch in epochs)
    assert len({str(epoch) for epoch in epochs}) == 4
    assert stream.exposures(3 * whole) == 3
    assert stream.exposures(whole // 2) == pytest.approx(0.5, abs=1e-3)
    assert epochs[0] == parts(DocumentStream(data.tokens / "notes", 0).take(0, whole))


@given(first=st.integers(0, 6000), length=st.integers(0, 5000))
def test_a_repeated_stream_is_the_same_from_wherever_one_starts(data, first, length):
    """Also across epochs, of which a document is never cut in two by the end of one."""
    stream = DocumentStream(data.tokens / "notes", 5, repeat=True)
    expected = stream.take(0, 11_000)
    assert stream.exposures(11_000) > 3
    found = DocumentStream(data.tokens / "notes", 5, repeat=True).take(first, length)
    assert found.ids.tolist() == expected.ids[first : first + length].tolist()
    ends = np.cumsum(expected.lengths)
    inner = ends[(ends > first) & (ends < first + length)]
    assert (first + np.cumsum(found.lengths)).tolist() == [*inner, *([first + length] if length else [])]


def test_a_domain_that_is_made_small_is_its_first_documents_over_and_over(data, stored):
    least = 500
    stream = DocumentStream(data.tokens / "web", 0, repeat=True, read_tokens=least)
    lengths = np.cumsum([len(document) for document in stored])
    first = int(np.searchsorted(lengths, least)) + 1
    whole = int(lengths[first - 1])
    assert least <= whole < least + len(stored[first - 1])
    assert sorted(parts(stream.take(0, whole))) == sorted(stored[:first])
    assert sorted(parts(stream.take(whole, whole))) == sorted(stored[:first])
    assert stream.exposures(3 * whole) == 3


def test_documents_of_more_influence_are_what_every_epoch_is_made_of(data, stored):
    documents = np.arange(0, len(stored), 2)
    stream = DocumentStream(data.tokens / "web", 0, repeat=True)
    stream.prefer(DocumentInfluences(documents, np.where(documents < 100, 1.0, 0.0)))
    whole = sum(map(len, stored))
    wanted = {tuple(document) for document in stored[:100:2]}
    for epoch in range(2):
        *found, last = parts(stream.take(epoch * whole, whole))
        assert {tuple(document) for document in found} == wanted
        assert any(document[: len(last)] == tuple(last) for document in wanted), "cut where the epoch ends"
    assert stream.take(10, 2 * whole).ids.tolist() == stream.take(0, 3 * whole).ids[10 : 10 + 2 * whole].tolist()
