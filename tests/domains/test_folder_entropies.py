"""Entropies of a tokens folder are those of its documents, without the tokens that close them."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.files import checksums_of, read_json
from phasemix.domains.folder_entropies import entropies_of
from phasemix.domains.text_blocks import GAP, text_blocks
from tests.domains.folders import END, write_folder

documents = st.lists(st.lists(st.integers(0, 9), max_size=12), min_size=1, max_size=12)


@given(documents=documents, size=st.integers(1, 50), dtype=st.sampled_from(["<u2", "<u4"]))
def test_blocks_are_the_documents(tmp_path_factory, documents, size, dtype):
    """Also where a text holds the id that closes documents."""
    folder = write_folder(tmp_path_factory.mktemp("tokens") / "web", documents, dtype)
    blocks = list(text_blocks(folder, size))
    assert all(len(block) == size for block in blocks[:-1])
    assert np.concatenate(blocks).tolist() == [each for ids in documents for each in (*ids, GAP)]


def test_by_hand(tmp_path):
    found = entropies_of(write_folder(tmp_path / "web", [[1, 2, 1], [3], [], [1, 2]]), 10)
    assert found.tokens == 6
    assert found.shannon == pytest.approx(math.log(6) - (3 * math.log(3) + 2 * math.log(2)) / 6, abs=1e-9)
    assert found.joint == pytest.approx(math.log(3) - 2 * math.log(2) / 3, abs=1e-9)  # 12, 21, 12
    assert found.conditional == pytest.approx(0, abs=1e-9)


def test_an_end_of_text_inside_a_text_is_a_token(tmp_path):
    found = entropies_of(write_folder(tmp_path / "web", [[1, END, 1, END]]), 10)
    assert found.tokens == 4
    assert found.shannon == pytest.approx(math.log(2), abs=1e-9)


def test_a_single_huge_document_is_a_markov_chain(tmp_path, monkeypatch):
    """72 times 0 0, 8 times each of 0 1 and 1 0, and 12 times 1 1, read in small blocks."""
    monkeypatch.setattr("phasemix.domains.folder_entropies.text_blocks", partial(text_blocks, tokens=7))
    text = [*([5] * 10 + [6] * 2 + [5] * 10 + [6] * 3) * 4, 5]
    found = entropies_of(write_folder(tmp_path / "web", [text]), 10)
    rate = 0.8 * -(0.9 * math.log(0.9) + 0.1 * math.log(0.1)) + 0.2 * -(0.4 * math.log(0.4) + 0.6 * math.log(0.6))
    assert found.conditional == pytest.approx(rate, abs=1e-9)
    assert found.tokens == 101


def test_of_real_tokens(data):
    folder = data.tokens / "web"
    facts = read_json(checksums_of(folder))
    found = entropies_of(folder, 400)
    assert found.tokens == facts["train_tokens"] - facts["train_documents"]
    assert 0 < found.conditional < found.shannon < found.joint < math.log(400**2)


def test_documents_of_one_token_have_no_pairs(tmp_path):
    with pytest.raises(PhasemixError, match="web: no training document has two tokens"):
        entropies_of(write_folder(tmp_path / "web", [[1], [2]]), 10)


def test_no_documents_at_all(tmp_path):
    with pytest.raises(PhasemixError, match="no training document has two tokens"):
        entropies_of(write_folder(tmp_path / "web", []), 10)


def test_a_vocabulary_that_is_too_small_is_an_error(tmp_path):
    with pytest.raises(PhasemixError, match="different tokenizers"):
        entropies_of(write_folder(tmp_path / "web", [[1, 12]]), 10)
