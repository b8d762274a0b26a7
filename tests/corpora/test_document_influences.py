"""Documents of more influence are read earlier, those of unknown influence last, and nothing is read twice."""

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


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=20), more=st.integers(0, 10), seed=st.integers(0, 99))
def test_every_document_is_read_once_and_those_of_unknown_influence_last(values, more, seed):
    order = influences(values).order(len(values) + more, np.random.default_rng(seed))
    assert sorted(order) == list(range(len(values) + more))
    assert set(order[: len(values)]) == set(range(len(values)))


def test_who_comes_first_is_drawn_in_proportion_to_what_lies_above_the_least_influence():
    """Weights 0, 1 and 3: the last of them first in three quarters of all orders, the first of them always last."""
    found = influences([-2, -1, 1])
    orders = np.array([found.order(3, np.random.default_rng(seed)) for seed in range(4000)])
    assert (orders[:, 0] == 2).mean() == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / 4000))
    assert (orders[:, 2] == 0).all()


def test_documents_that_are_all_alike_are_drawn_at_random():
    orders = [tuple(influences([5, 5, 5]).order(3, np.random.default_rng(seed))) for seed in range(60)]
    assert len(set(orders)) == 6


def test_documents_that_are_not_there_do_not_count():
    found = influences([1, 2, 9], documents=[1, 3, 7])
    assert found.order(4, np.random.default_rng(0)).tolist()[:2] == [3, 1], "of weights 1 and 0"


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
