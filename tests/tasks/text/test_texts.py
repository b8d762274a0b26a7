"""Plain text from its three origins."""

import json

import pandas as pd
import pytest
import zstandard
from datasets import Dataset

from phasemix.base.errors import PhasemixError
from phasemix.base.files import sha256 as hash_of
from phasemix.corpora.documents import read_documents, write_documents
from phasemix.tasks.text.texts import file_texts, hub_texts

TEXTS = [f"document {i} " + "word " * (i % 7) for i in range(500)]


def split(path, heldout):
    return [text for texts in read_documents(path, heldout=heldout) for text in texts]


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


def test_rows_are_chosen_by_their_fields(tmp_path):
    """As the Pile and SlimPajama name their domains."""
    rows = [{"text": f"text {i}", "meta": {"set": "ab"[i % 2]}, "kind": "xy"[i // 2 % 2]} for i in range(8)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert list(file_texts([str(path)], where={"meta.set": "a"})) == ["text 0", "text 2", "text 4", "text 6"]
    assert list(file_texts([str(path)], where={"meta.set": "a", "kind": "y"})) == ["text 2", "text 6"]
    with pytest.raises(PhasemixError, match=r"files\.where: .*a\.jsonl has no column 'meta\.name'"):
        list(file_texts([str(path)], where={"meta.name": "a"}))


def test_rows_of_a_hub_dataset_are_chosen_by_their_fields(tmp_path):
    """Only chosen rows count towards the bytes that are fetched."""
    rows = [{"text": f"{i}" * 500, "meta": {"redpajama_set_name": "ab"[i % 2]}} for i in range(10)]
    Dataset.from_list(rows).to_parquet(str(tmp_path / "data" / "train.parquet"))
    where = {"meta.redpajama_set_name": "b"}
    found = list(hub_texts(str(tmp_path / "data"), revision="0" * 40, megabytes=0.001, where=where))
    assert [text[0] for text in found] == ["1", "3"]


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


def test_a_pinned_file_must_be_the_one_that_was_pinned(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one document")
    pinned = {str(path): hash_of(path).upper()}
    assert list(file_texts([str(path)], sha256=pinned)) == ["one document"]
    path.write_text("another")
    with pytest.raises(PhasemixError, match=r"files.sha256: .*a.txt has [0-9a-f]{64}, not [0-9A-F]{64}; the file is"):
        next(file_texts([str(path)], sha256=pinned))


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
