"""Documents on disk: each once, each always in the same split."""

import pyarrow.parquet as pq
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.corpora.documents import read_documents, sample_documents, write_documents

TEXTS = [f"document {i} " + "word " * (i % 7) for i in range(500)]


def split(path, heldout):
    return [text for texts in read_documents(path, heldout=heldout) for text in texts]


def test_repetitions_are_dropped_and_splits_are_disjoint(tmp_path):
    counts = write_documents([*TEXTS, *TEXTS[:100], "", "  \n"], 0.2, tmp_path / "web.parquet")
    train, heldout = split(tmp_path / "web.parquet", heldout=False), split(tmp_path / "web.parquet", heldout=True)
    assert counts["documents"] == 500 == len(train) + len(heldout)
    assert counts["heldout_documents"] == len(heldout)
    assert counts["repetitions"] == 100
    assert counts["bytes"] == sum(map(len, TEXTS))
    assert counts["heldout_bytes"] == sum(map(len, heldout))
    assert sorted(train + heldout) == sorted(TEXTS)
    assert 60 < len(heldout) < 140


def test_a_text_stays_in_its_split_whatever_stands_beside_it(tmp_path):
    write_documents(TEXTS, 0.2, tmp_path / "all.parquet")
    write_documents(reversed(TEXTS[::3]), 0.2, tmp_path / "some.parquet")
    assert set(split(tmp_path / "some.parquet", heldout=True)) <= set(split(tmp_path / "all.parquet", heldout=True))


def test_nothing_to_read_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(PhasemixError, match="no text"):
        write_documents([""], 0.2, tmp_path / "web.parquet")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_source_leaves_no_file(tmp_path):
    def broken():
        yield from TEXTS
        raise PhasemixError("the source broke")

    with pytest.raises(PhasemixError, match="broke"):
        write_documents(broken(), 0.1, tmp_path / "web.parquet")
    assert list(tmp_path.iterdir()) == []


def test_large_corpora_are_written_in_groups(tmp_path):
    write_documents((f"text number {i}" for i in range(9000)), 0.1, tmp_path / "web.parquet")
    assert pq.ParquetFile(tmp_path / "web.parquet").num_row_groups == 3


def test_a_sample_is_of_the_training_split_alone_and_of_its_seed(tmp_path):
    write_documents(TEXTS, 0.2, tmp_path / "web.parquet")
    train = split(tmp_path / "web.parquet", heldout=False)
    found = list(sample_documents(tmp_path / "web.parquet", 0.005, 1))
    assert set(found) < set(train)
    assert sum(map(len, found)) / 1e6 == pytest.approx(0.005, rel=0.25)
    assert found == list(sample_documents(tmp_path / "web.parquet", 0.005, 1))
    assert found != list(sample_documents(tmp_path / "web.parquet", 0.005, 1, 1))
    assert [train.index(text) for text in found] == sorted(train.index(text) for text in found)
    assert list(sample_documents(tmp_path / "web.parquet", 10, 1)) == train
