"""Plain text from its three origins."""

import json

import pandas as pd
import pytest
import zstandard
from datasets import Dataset

from phasemix.base.errors import PhasemixError
from phasemix.base.files import sha256
from phasemix.corpora.documents import read_documents, write_documents
from phasemix.tasks.text.texts import file_texts, hub_texts, installed_docs

TEXTS = [f"document {i} " + "word " * (i % 7) for i in range(500)]


def split(path, heldout):
    return [text for texts in read_documents(path, heldout=heldout) for text in texts]


def test_installed_docs_are_real():
    texts = list(installed_docs(["tqdm", "networkx"]))
    assert len(texts) > 1000
    assert any("shortest path" in text for text in texts)


def test_installed_docs_are_deterministic(tmp_path):
    """Whichever process reads a file first."""
    for name in ("a", "b"):
        write_documents(installed_docs(["tqdm", "pydantic"]), 0.05, tmp_path / name)
    assert sha256(tmp_path / "a") == sha256(tmp_path / "b")


def test_an_unknown_package_is_named():
    with pytest.raises(PhasemixError, match=r"installed_docs\.packages: 'no-such-package' is not installed"):
        list(installed_docs(["no-such-package"]))


def test_files_of_every_kind_give_the_same_documents(tmp_path):
    texts = TEXTS[:20]
    lines = "".join(json.dumps({"body": text}) + "\n" for text in texts)
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.jsonl.zst").write_bytes(zstandard.compress(lines.encode()))
    pd.DataFrame({"body": texts}).to_parquet(tmp_path / "c.parquet")
    for name in ("a.jsonl", "b.jsonl.zst", "c.parquet"):
        assert list(file_texts([str(tmp_path / name)], column="body")) == texts
    (tmp_path / "d.txt").write_text("one document\n\nof three\nlines")
    (tmp_path / "e.txt").write_text("another")
    assert list(file_texts([str(tmp_path / "*.txt")])) == ["one document\n\nof three\nlines", "another"]


def test_bad_files_are_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n')
    with pytest.raises(PhasemixError, match=r"a\.jsonl has no column 'body'"):
        list(file_texts([str(tmp_path / "a.jsonl")], column="body"))
    (tmp_path / "b.parquet").write_bytes(b"not parquet")
    with pytest.raises(PhasemixError, match=r"files\.paths: cannot read .*b\.parquet"):
        list(file_texts([str(tmp_path / "b.parquet")]))
    (tmp_path / "c.doc").write_text("x")
    with pytest.raises(PhasemixError, match=r"c\.doc is none of \.txt"):
        list(file_texts([str(tmp_path / "c.doc")]))


def test_a_hub_dataset_is_streamed_up_to_the_bytes_asked_for(tmp_path):
    Dataset.from_dict({"text": ["é" * 500] * 10}).to_parquet(str(tmp_path / "data" / "train.parquet"))
    found = list(hub_texts(str(tmp_path / "data"), revision="0" * 40, megabytes=0.0045))
    assert len(found) == 5  # of 1,000 bytes each
    with pytest.raises(PhasemixError, match=r"hub\.column: .* has no column 'body'"):
        list(hub_texts(str(tmp_path / "data"), revision="0" * 40, megabytes=1, column="body"))


def test_rows_without_text_are_passed_over_and_numbers_refused(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "x", "n": 1}\n{"text": null, "n": 2}\n{"text": "y", "n": 3}\n')
    write_documents(file_texts([str(tmp_path / "a.jsonl")]), 0.1, tmp_path / "web.parquet")
    assert sorted(split(tmp_path / "web.parquet", True) + split(tmp_path / "web.parquet", False)) == ["x", "y"]
    with pytest.raises(PhasemixError, match="holds 1, which is not text"):
        write_documents(file_texts([str(tmp_path / "a.jsonl")], column="n"), 0.1, tmp_path / "b.parquet")


def test_an_unreachable_hub_is_one_clear_line():
    with pytest.raises(PhasemixError, match=r"hub\.dataset: cannot read 'nobody/nothing'.*network") as error:
        list(hub_texts("nobody/nothing", revision="0" * 40, megabytes=1))
    assert "\n" not in str(error.value)


def test_hub_rows_without_text_are_passed_over(tmp_path):
    Dataset.from_dict({"text": ["x", None, "y"]}).to_parquet(str(tmp_path / "data" / "train.parquet"))
    write_documents(hub_texts(str(tmp_path / "data"), revision="0" * 40, megabytes=1), 0.1, tmp_path / "web.parquet")
    assert sorted(split(tmp_path / "web.parquet", True) + split(tmp_path / "web.parquet", False)) == ["x", "y"]
