"""Documents of more influence are drawn more often, and those of unknown influence never."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_json
from phasemix.corpora.document_influences import DocumentInfluences


def influences(values, documents=None):
    documents = range(len(values)) if documents is None else documents
    return DocumentInfluences(np.array(documents, dtype=np.int64), np.array(values, dtype=float))


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), more=st.integers(0, 10), seed=st.integers(0, 99))
def test_known_documents_are_drawn_until_there_are_as_many_tokens(values, more, seed):
    lengths = 1 + np.arange(len(values) + more)
    drawn = influences(values).drawn(lengths, np.random.default_rng(seed))
    assert drawn.max() < len(values)
    assert lengths[drawn].sum() >= lengths.sum()


def test_documents_are_drawn_in_proportion_to_what_lies_above_the_least_influence():
    """Weights 0, 1 and 3: a quarter and three quarters of all draws."""
    drawn = np.concatenate(
        [influences([-2, -1, 1]).drawn(np.full(3, 4), np.random.default_rng(i)) for i in range(2000)]
    )
    assert (drawn == 2).mean() == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / len(drawn)))
    assert not (drawn == 0).any()


def test_documents_that_are_all_alike_are_drawn_alike():
    drawn = np.concatenate([influences([5, 5, 5]).drawn(np.ones(3, int), np.random.default_rng(i)) for i in range(999)])
    assert np.bincount(drawn) / len(drawn) == pytest.approx(np.full(3, 1 / 3), abs=0.04)


def test_documents_that_are_not_there_do_not_count():
    found = influences([1, 2, 9], documents=[1, 3, 7])
    assert set(found.drawn(np.full(4, 10), np.random.default_rng(0))) == {3}, "of weights 0 and 1"
    with pytest.raises(PhasemixError, match="the influence of no document that is read is known"):
        influences([1], documents=[7]).drawn(np.full(4, 10), np.random.default_rng(0))


def test_a_file(tmp_path):
    path = tmp_path / "influences.json"
    write_json(path, {"web": {"documents": [2, 5], "influences": [0.5, -1.0]}})
    found = DocumentInfluences.read(path)
    assert found["web"].documents.tolist() == [2, 5]
    assert found["web"].influences.tolist() == [0.5, -1]
    path.write_text('{"web": [1, 2]}')
    with pytest.raises(PhasemixError, match=r"influences\.json: holds no documents with influences by source"):
        DocumentInfluences.read(path)
    with pytest.raises(PhasemixError, match=r"none\.json: holds no documents with influences by source"):
        DocumentInfluences.read(tmp_path / "none.json")
