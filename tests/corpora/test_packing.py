"""Packing: documents end to end, cut into rows, a target the token after its input."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from phasemix.corpora.document_packing import IGNORED, pack


@given(
    lengths=st.lists(st.integers(1, 20), min_size=1, max_size=20), context=st.integers(1, 7), seed=st.integers(0, 99)
)
def test_rows_are_what_loops_make_of_the_documents(lengths, context, seed):
    lengths = [*lengths, -sum(lengths) % context + context]
    documents = [[100 * i + j for j in range(length)] for i, length in enumerate(lengths)]
    rng = np.random.default_rng(seed)
    laid = [token for i in rng.permutation(len(documents)).tolist() for token in documents[i]]
    rows = rng.permutation(len(laid) // context).tolist()
    ids = np.array([token for document in documents for token in document], dtype=np.uint16)
    inputs, targets = pack(ids, np.array(lengths), context, np.random.default_rng(seed))
    assert inputs.tolist() == [laid[row * context : (row + 1) * context] for row in rows]
    assert targets.tolist() == [[*laid, IGNORED][row * context + 1 : (row + 1) * context + 1] for row in rows]
    assert inputs.dtype == targets.dtype == np.int64
