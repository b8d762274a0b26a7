"""Corpora gathered and tokenised in shards: the same as in one piece, and gone on with after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.files import checksums_of, read_json, sha256
from phasemix.corpora.document_shards import repetitions, write_document_shards
from phasemix.corpora.documents import read_documents, write_documents
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import FILES, write_tokens
from phasemix.tasks.text import corpus
from phasemix.tasks.text.texts import file_texts, hub_texts
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SHARDS, EACH = 4, 150
SHARDS_OF_FILES = 12
HELDOUT = 0.2


def texts_of(shard):
    """Some are in two shards, some twice in one, one is empty."""
    own = [f"document {i} of shard {shard}, which says little" for i in range(EACH)]
    shared = [f"document {i} that is in many shards" for i in range(0, EACH, shard + 2)]
    return [*own, "", own[3], *shared, own[7]]


def failing(folder, shard):
    """As texts_of; it leaves a mark, and shard 2 fails while there is a file ``broken``."""
    with (folder / f"tried-{shard}").open("a") as file:
        file.write("x")
    if shard == 2 and (folder / "broken").exists():
        raise PhasemixError("shard 2 cannot be read")
    return texts_of(shard)


def empty(_):
    return ["", None, " \n"]


def read(path):
    return [[text for texts in read_documents(path, heldout) for text in texts] for heldout in (False, True)]


@pytest.mark.parametrize("threads", [1, 2])
def test_shards_hold_what_one_file_would(tmp_path, threads):
    whole = write_documents(
        (text for shard in range(SHARDS) for text in texts_of(shard)), HELDOUT, tmp_path / "one.parquet"
    )
    counts = write_document_shards(texts_of, SHARDS, HELDOUT, tmp_path / "sharded", threads)
    assert counts == whole
    assert whole["repetitions"] > 50
    assert read(tmp_path / "sharded" / "documents.parquet") == read(tmp_path / "one.parquet")


def test_shards_that_are_finished_are_not_gathered_again(tmp_path):
    (tmp_path / "broken").touch()
    with pytest.raises(PhasemixError, match="shard 2 cannot be read"):
        write_document_shards(partial(failing, tmp_path), SHARDS, HELDOUT, tmp_path / "out", 1)
    (tmp_path / "broken").unlink()
    counts = write_document_shards(partial(failing, tmp_path), SHARDS, HELDOUT, tmp_path / "out", 1)
    assert [len((tmp_path / f"tried-{shard}").read_text()) for shard in range(SHARDS)] == [1, 1, 2, 1]
    assert counts == write_document_shards(texts_of, SHARDS, HELDOUT, tmp_path / "again", 2)
    assert read(tmp_path / "out" / "documents.parquet") == read(tmp_path / "again" / "documents.parquet")


def test_shards_without_text_are_refused(tmp_path):
    with pytest.raises(PhasemixError, match="the source holds no text"):
        write_document_shards(empty, 2, HELDOUT, tmp_path, 1)


@given(
    st.lists(st.lists(st.integers(0, 2**64 - 1) | st.sampled_from([0, 5, 2**63, 2**64 - 1]), max_size=30), min_size=1),
    st.sampled_from([1, 3, 1000]),
)
def test_repetitions_are_all_but_the_first(shards, compared):
    seen, expected = set(), []
    for shard in shards:
        rows = []
        for row, digest in enumerate(shard):
            if digest in seen:
                rows.append(row)
            seen.add(digest)
        expected.append(rows)
    found = repetitions([np.array(shard, dtype=np.uint64) for shard in shards], compared)
    assert [rows.tolist() for rows in found] == expected


def test_tokens_of_shards_are_those_of_one_file(tmp_path, data):
    write_documents((text for shard in range(SHARDS) for text in texts_of(shard)), HELDOUT, tmp_path / "one.parquet")
    write_document_shards(texts_of, SHARDS, HELDOUT, tmp_path, 2)
    counts = {}
    for name, documents in (("one", tmp_path / "one.parquet"), ("sharded", tmp_path / "documents.parquet")):
        counts[name] = write_tokens(documents, Tokenizer(data.tokenizer, threads=2), tmp_path / name)
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == sorted(FILES)
    assert counts["one"] == counts["sharded"]
    assert counts["one"]["train_tokens"] > 1000
    assert checksums_of(tmp_path / "one").read_bytes() == checksums_of(tmp_path / "sharded").read_bytes()


@pytest.fixture(params=["parquet", "jsonl.zst"])
def collection(request, tmp_path):
    """A folder of five files, as a collection is published, whose rows are of two kinds."""
    folder = tmp_path / "collection"
    folder.mkdir()
    for number in range(5):
        rows = [
            {"text": f"{text} in file {number}", "meta": {"set": "ab"[i % 2]}} for i, text in enumerate(texts_of(1))
        ]
        path = folder / f"train-{number}.{request.param}"
        if request.param == "parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)
        else:
            path.write_bytes(zstandard.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return folder


def test_shards_of_files_are_all_files_in_their_order(collection):
    paths = [str(collection / "*")]
    whole = list(file_texts(paths, where={"meta.set": "a"}))
    assert len(whole) > 400
    for shards in (1, 2, 3, 5):
        parts = [list(file_texts(paths, where={"meta.set": "a"}, shards=shards, shard=i)) for i in range(shards)]
        assert [text for part in parts for text in part] == whole
        assert min(map(len, parts)) > 0


def test_shards_of_a_dataset_share_its_megabytes(collection):
    options = {"revision": "0" * 40, "where": {"meta.set": "a"}}
    whole = list(hub_texts(str(collection), megabytes=1, **options))
    parts = [list(hub_texts(str(collection), megabytes=1, shards=5, shard=i, **options)) for i in range(5)]
    assert [text for part in parts for text in part] == whole
    assert all(len({text[-1] for text in part}) == 1 for part in parts), "a shard is a file here"
    few = [list(hub_texts(str(collection), megabytes=0.005, shards=5, shard=i, **options)) for i in range(5)]
    for some, part in zip(few, parts, strict=True):
        assert some == part[: len(some)]
        assert 0.001 <= sum(map(len, some)) / 1e6 < 0.0011
    with pytest.raises(PhasemixError, match=r"hub\.shards: asks for 6, and '.*collection' has 5: ask for fewer"):
        list(hub_texts(str(collection), megabytes=1, shards=6, shard=0, **options))


def test_a_dataset_of_fewer_files_is_cut_into_groups_of_rows(tmp_path):
    folder = tmp_path / "collection"
    folder.mkdir()
    rows = pa.table({"text": [f"text number {i}" for i in range(60)]})
    pq.write_table(rows, folder / "train.parquet", row_group_size=20)
    options = {"revision": "0" * 40, "megabytes": 1}
    parts = [list(hub_texts(str(folder), shards=3, shard=i, **options)) for i in range(3)]
    assert parts == [rows["text"].to_pylist()[first : first + 20] for first in (0, 20, 40)]
    with pytest.raises(PhasemixError, match=r"hub\.shards: asks for 4, and '.*collection' has 3: ask for fewer"):
        list(hub_texts(str(folder), shards=4, **options))


def test_a_corpus_and_its_tokens_go_on_after_a_kill(tmp_path, data):
    """The scripts, killed with their workers; what they had finished is not made again, and the bytes are the same."""
    folder = tmp_path / "collection"
    folder.mkdir()
    for number in range(SHARDS_OF_FILES):
        rows = (json.dumps({"text": f"{text} {number} " * 40}) + "\n" for text in texts_of(1))
        (folder / f"{number:02}.jsonl").write_text("".join(rows))
    options = json.dumps({
        "task": "text", "origin": "files", "heldout_fraction": HELDOUT, "family": None, "passages": None,
        "files": {"paths": [str(folder / "*")], "shards": SHARDS_OF_FILES},
    })  # fmt: skip

    def started(script, out, threads, *arguments):
        command = [sys.executable, ROOT / "scripts" / script, *map(str, arguments), "--threads", threads, "--out", out]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)

    def gone_on(script, out, finished, *arguments):
        """Killed when two shards are finished, and started again; returns how many were, and what is said then."""
        left = out.with_name(f".{out.name}.unfinished") / "unfinished"
        with started(script, out, "2", *arguments) as first:
            end = time.monotonic() + PATIENCE
            while len(before := list(left.glob(finished))) < 2:
                assert first.poll() is None
                assert time.monotonic() < end
                time.sleep(0.001)
            first.send_signal(signal.SIGKILL)
        with started(script, out, "1", *arguments) as second:
            said = second.stderr.read()
        assert second.returncode == 0, said
        return len(before), said

    before, said = gone_on("corpus.py", tmp_path / "notes", "gathered/*.npy", "--options", options, "--seed", 0)
    assert "gathered shards: 1 of" in said
    assert f"gathered shards: {SHARDS_OF_FILES - before + 1} of" not in said
    (tmp_path / "whole").mkdir()
    facts = corpus.write(json.loads(options), tmp_path / "whole", 0, 1, [])
    checksums = read_json(tmp_path / "notes.checksums.json")
    assert checksums == {"files": {"documents.parquet": sha256(tmp_path / "whole" / "documents.parquet")}, **facts}

    arguments = ["--task", "text", "--corpus", tmp_path / "notes", "--tokenizer", data.tokenizer]
    before, said = gone_on("tokens.py", tmp_path / "tokens", "[0-9]*", *arguments)
    assert "tokenised shards: 1 of" in said
    assert f"tokenised shards: {SHARDS_OF_FILES - before + 1} of" not in said
    write_tokens(tmp_path / "whole" / "documents.parquet", Tokenizer(data.tokenizer), tmp_path / "whole-tokens")
    assert read_json(tmp_path / "tokens.checksums.json") == read_json(tmp_path / "whole-tokens.checksums.json")
    assert {path.suffix for path in tmp_path.glob(".*")} == {".lock"}, "nothing else is left beside"
