"""A hub that cannot be reached: one clear line within seconds, whoever asks it and however it fails."""

import json
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pandas as pd
import pytest
from huggingface_hub import constants

from phasemix.base.errors import PhasemixError
from phasemix.base.hub import SECONDS, from_cache_alone, hub_problem
from phasemix.base.hub_commit import commit_of
from phasemix.corpora.make_tokenizer import hub_tokenizer
from phasemix.popularity.popqa.questions import hub_questions
from phasemix.search.local_model import local_model
from phasemix.study.cell import Start
from phasemix.tasks.text.texts import hub_texts
from phasemix.training.start import start_weights
from tests.popularity.popqa.world import rows
from tests.servers import hub_at, serving, unreachable_hub

COMMIT = "a" * 40
ASK = {
    "texts": (
        lambda folder: next(hub_texts("a/texts", revision="main", megabytes=1)),
        r"hub.dataset: cannot read 'a/texts' at revision main .*name the files of a copy \(origin: files\)",
    ),
    "tokenizer": (
        lambda folder: hub_tokenizer("a/tokenizer", "main"),
        "cannot load 'a/tokenizer' at revision main .*name a folder that holds it, or train a tokenizer",
    ),
    "weights": (
        lambda folder: start_weights(Start(hub="a/model", revision="0" * 40), folder),
        "start.hub: cannot load model.safetensors of 'a/model' .*put the file into a folder run/model/",
    ),
    "questions": (
        lambda folder: hub_questions("a/questions", "main", "test"),
        r"dataset.hub: cannot read 'a/questions' at revision main .*name a copy by dataset.file \(.tsv",
    ),
    "commit": (
        lambda folder: commit_of("a/model", "main", key="models.a.hub"),
        r"models.a.hub a/model: is not in the cache at revision main .*hf download a/model",
    ),
    "model": (
        lambda folder: local_model("a/model"),
        "--model a/model: cannot be loaded .*name a folder with the model",
    ),
}


@pytest.fixture(params=["refused", "silent"])
def hub(request, monkeypatch):
    """An endpoint that refuses connections, or one that accepts them and says nothing."""
    monkeypatch.setattr("phasemix.base.hub.SECONDS", 1.0)
    with unreachable_hub(request.param, monkeypatch):
        yield request.param


@pytest.mark.parametrize("what", ASK)
def test_who_asks_it_is_told_within_seconds_what_was_wanted_and_how_to_do_without(what, hub, tmp_path):
    ask, line = ASK[what]
    began = time.monotonic()
    with pytest.raises(PhasemixError, match=line) as raised:
        ask(tmp_path)
    assert f"{constants.ENDPOINT} does not answer: " in str(raised.value)
    assert time.monotonic() - began < 10 - SECONDS


def test_folders_and_those_who_work_offline_do_not_ask_it(hub, monkeypatch, tmp_path):
    assert from_cache_alone("a/model")
    assert not from_cache_alone(str(tmp_path))
    hub_problem.cache_clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert hub_problem() is None


class Answers(BaseHTTPRequestHandler):
    """A hub with a model for everybody, one behind a licence, whose page is public, a slow one, and no other."""

    def do_HEAD(self):
        if self.path == f"/a/slow/resolve/{'1' * 40}/config.json":
            time.sleep(2)
            return
        self._say(*((403, "GatedRepo") if self.path.startswith("/a/gated/") else (200, "")))

    def do_GET(self):
        name = next((name for name in ("a/open", "a/gated", "a/slow") if f"/api/models/{name}/" in self.path), None)
        if name is None:
            self._say(401, "RepoNotFound")
        elif self.path.endswith("/revision/main"):
            self._say(200, "", {"id": name, "sha": "1" * 40})
        else:
            self._say(404, "RevisionNotFound")

    def _say(self, status, code, content=None):
        body = json.dumps(content).encode() if content else b""
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def answering_hub(monkeypatch):
    with serving(Answers) as endpoint, hub_at(endpoint, monkeypatch):
        files = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace("https://huggingface.co", endpoint)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
        yield endpoint


def test_the_commit_of_a_branch_is_what_the_hub_says(answering_hub):
    assert commit_of("a/open", "main", key="models.a.hub") == "1" * 40


@pytest.mark.parametrize(
    ("name", "revision", "words"),
    [
        ("a/gated", "main", "is given only to those who accept its licence; accept it at {hub}/a/gated, then `hf auth"),
        ("a/none", "main", "is not on the hub, or not for you to see; check the name, or `hf auth login`"),
        ("a/open", "2" * 40, "the hub does not say what revision 2222222222222222222222222222222222222222 is ("),
    ],
)
def test_what_the_hub_does_not_give_is_told_with_what_to_do(answering_hub, name, revision, words):
    with pytest.raises(PhasemixError) as raised:
        commit_of(name, revision, key="models.a.hub")
    assert str(raised.value).startswith(f"models.a.hub {name}: {words.format(hub=answering_hub)}")


def test_a_hub_that_says_nothing_of_a_file_is_given_up(answering_hub, monkeypatch):
    monkeypatch.setattr("phasemix.base.hub_commit.SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(
        PhasemixError, match=r"models.a.hub a/slow: the hub does not say what revision main is .*timed out"
    ):
        commit_of("a/slow", "main", key="models.a.hub")
    assert time.monotonic() - began < 2


def test_questions_in_the_cache_are_enough_if_they_are_of_the_revision(hub, monkeypatch, tmp_path):
    """A hub's data set in the cache, as it lies there after it was loaded."""
    from datasets import config
    from datasets.packaged_modules.json.json import Json

    monkeypatch.setattr(config, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    pd.DataFrame(rows()).to_json(tmp_path / "rows.jsonl", orient="records", lines=True)
    files = {"test": str(tmp_path / "rows.jsonl")}
    made = Json(cache_dir=str(tmp_path), dataset_name="questions", config_name="default", data_files=files)
    made.download_and_prepare()
    kept = tmp_path / "cache/a___questions/default/0.0.0" / COMMIT
    kept.parent.mkdir(parents=True)
    Path(made.cache_dir).rename(kept)
    assert hub_questions("a/questions", COMMIT, "test")["id"].tolist() == [str(row["id"]) for row in rows()]
    with pytest.raises(PhasemixError, match=r"does not answer: .*, and the cache has another revision"):
        hub_questions("a/questions", "b" * 40, "test")


def test_offline_the_commit_is_that_of_the_cache(monkeypatch, tmp_path):
    folder = tmp_path / "models--a--model"
    (folder / "snapshots" / COMMIT).mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs/main").write_text(COMMIT)
    (folder / "snapshots" / COMMIT / "config.json").write_text("{}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    assert commit_of("a/model", "main", key="models.a.hub") == COMMIT
    with pytest.raises(PhasemixError, match=r"not in the cache at revision main \(HF_HUB_OFFLINE is set\)"):
        commit_of("a/other", "main", key="models.a.hub")
