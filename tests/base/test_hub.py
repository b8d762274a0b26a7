"""A hub that cannot be reached: one clear line within seconds, whoever asks it and however it fails."""

import socket
import time

import pytest
from huggingface_hub import constants

from phasemix.base.errors import PhasemixError
from phasemix.base.hub import SECONDS, from_cache_alone, hub_problem
from phasemix.corpora.make_tokenizer import hub_tokenizer
from phasemix.search.local_model import local_model
from phasemix.study.cell import Start
from phasemix.tasks.text.texts import hub_texts
from phasemix.training.start import start_weights

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
    "model": (
        lambda folder: local_model("a/model"),
        "--model a/model: cannot be loaded .*name a folder with the model",
    ),
}


@pytest.fixture(params=["refused", "silent"])
def hub(request, monkeypatch):
    """An endpoint that refuses connections, or one that accepts them and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if request.param == "refused":
            server.close()
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setattr("phasemix.base.hub.SECONDS", 1.0)
        hub_problem.cache_clear()
        yield request.param
        hub_problem.cache_clear()


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
