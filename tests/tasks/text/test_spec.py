"""Plain text as a source: what decides its corpus, what training, how much it must give."""

import json
from importlib.metadata import version

import pyarrow.parquet as pq
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.tasks.source import spec_of
from phasemix.tasks.text import corpus
from scripts import corpus as corpus_script
from scripts import tokens as tokens_script

FILES = {"task": "text", "origin": "files", "train_tokens": 1000, "heldout_fraction": 0.2}


def text(**options):
    return spec_of("text")(**FILES | options)


def test_what_decides_its_corpus_is_told_apart_from_what_decides_training(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    files = {"paths": [str(tmp_path / "*.txt")], "sha256": {}, "column": "text", "where": {}, "shards": 1}
    found = text(files=files)
    assert found.corpus == {
        "task": "text", "origin": "files", "heldout_fraction": 0.2, "family": None, "passages": None, "files": files,
    }  # fmt: skip
    assert text(files=files, repeat=True, train_tokens=5).corpus == found.corpus
    assert text(files=files, repeat=True).training == {"task": "text", "repeat": True}
    assert found.training == {"task": "text", "repeat": False}
    assert found.inputs == [str(tmp_path / "a.txt")]


def test_shards_are_for_text_that_is_taken_document_by_document(tmp_path):
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text("x")
    files = {"paths": [str(tmp_path / "*.txt")], "shards": 3}
    assert text(files=files).shards == 3
    assert list(text(files=files).problems()) == list(text(files=files).reads_problems()) == []
    alone = (("files", "shards"), "is for sources without family and passages, which look at one text after another")
    assert list(text(files=files, family="a").problems()) == [alone]
    assert list(text(files=files, passages=9).problems()) == [alone]
    assert list(text(files=files | {"shards": 4}).reads_problems()) == [
        (("files", "shards"), "asks for 4, and there are 3 files")
    ]
    hub = {"dataset": "a/b", "revision": "0" * 40, "megabytes": 9, "shards": 5}
    assert text(origin="hub", hub=hub).shards == 5
    assert text(origin="installed", installed={"part": "stubs"}).shards == 1


def test_documents_with_a_word_are_left_out(tmp_path):
    """As paper A takes those on slopes out of OpenWebMath; longer words that hold it do not matter."""
    texts = ["The slope is 2.", "Slope: 3", "slopes of hills", "a hill"]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": each}) + "\n" for each in texts))
    options = text(files={"paths": [str(tmp_path / "a.jsonl")]}, without="slope").corpus
    facts = corpus.write(options, tmp_path, 0, threads=1, relatives=[])
    assert facts["documents"] == 2
    found = pq.read_table(tmp_path / "documents.parquet")["text"].to_pylist()
    assert found == ["slopes of hills", "a hill"]


def test_the_versions_of_packages_decide_a_corpus_of_their_documentation():
    found = text(origin="installed", installed={"part": "docstrings", "packages": ["tqdm"]})
    assert found.corpus["versions"] == {"tqdm": version("tqdm")}
    assert found.inputs == []


def test_how_much_it_must_give_does_not_depend_on_whether_it_repeats():
    for repeat in (False, True):
        assert text(repeat=repeat).least_tokens == 1000
        assert text(repeat=repeat).repeats == repeat


def options_of(monkeypatch, script, *options):
    monkeypatch.setattr("sys.argv", [script.__name__, *map(str, options)])
    script.main()


@pytest.fixture
def documents(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(f'{{"text": "document number {i}"}}\n' for i in range(200)))
    return tmp_path / "a.jsonl"


def make_corpus(monkeypatch, documents, folder):
    found = text(files={"paths": [str(documents)]}).model_dump_json()
    options_of(monkeypatch, corpus_script, "--options", found, "--inputs", documents, "--seed", 0, "--out", folder)


def test_the_script_writes_a_corpus_and_its_checksums(monkeypatch, documents, tmp_path):
    make_corpus(monkeypatch, documents, tmp_path / "corpus")
    facts = read_json(tmp_path / "corpus.checksums.json")
    assert (list(facts["files"]), facts["documents"]) == (["documents.parquet"], 200)


def test_a_corpus_of_files_that_change_meanwhile_is_refused_and_not_left(monkeypatch, documents, tmp_path):
    real = corpus.write_documents

    def meanwhile(texts, fraction, path):
        found = real(texts, fraction, path)
        with documents.open("a") as file:
            file.write('{"text": "one more"}\n')
        return found

    monkeypatch.setattr(corpus, "write_documents", meanwhile)
    with pytest.raises(PhasemixError, match=r"a\.jsonl: was changed while it was read; start again"):
        make_corpus(monkeypatch, documents, tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()
    assert not (tmp_path / "corpus.checksums.json").exists()
    monkeypatch.setattr(corpus, "write_documents", real)
    make_corpus(monkeypatch, documents, tmp_path / "corpus")
    assert read_json(tmp_path / "corpus.checksums.json")["documents"] == 201
    left = {".corpus.lock", "a.jsonl", "corpus", "corpus.checksums.json"}
    assert {path.name for path in tmp_path.iterdir()} == left, "what a try left is cleared away"


@pytest.mark.parametrize(("split", "mend"), [("train", "train_tokens"), ("heldout", "heldout_fraction")])
def test_a_corpus_that_gives_too_few_tokens_is_refused_by_name(monkeypatch, documents, tmp_path, data, split, mend):
    make_corpus(monkeypatch, documents, tmp_path / "notes")
    options = ["--task", "text", "--corpus", tmp_path / "notes", "--tokenizer", data.tokenizer, "--out", tmp_path / "t"]
    options_of(monkeypatch, tokens_script, *options)
    held = read_json(tmp_path / "t.checksums.json")[f"{split}_tokens"]
    options_of(monkeypatch, tokens_script, *options, f"--{split}-tokens", held)
    match = rf"sources\.notes: the text has {held:,} {split} tokens, and {held + 1:,} are asked for; see .*{mend}"
    with pytest.raises(PhasemixError, match=match):
        options_of(monkeypatch, tokens_script, *options, f"--{split}-tokens", held + 1)
