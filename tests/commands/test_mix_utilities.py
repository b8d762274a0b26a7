"""``phasemix mix utilities``: a tiny language model here, and a made-up one behind an endpoint."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pandas as pd
import pytest
import torch

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from phasemix.search.judges import WORDS, LocalJudge, question

TEXTS = {"web": ["buy now", "click here", "hello"], "books": ["it was the best of times"]}


@pytest.fixture
def tables(tmp_path):
    pd.DataFrame({"domain": list(TEXTS), "tokens": [10, 20]}).to_csv(tmp_path / "domains.csv", index=False)
    rows = [(domain, text) for domain, texts in TEXTS.items() for text in texts]
    pd.DataFrame(rows, columns=["domain", "text"]).to_csv(tmp_path / "texts.csv", index=False)
    return [str(tmp_path / "domains.csv"), str(tmp_path / "texts.csv")]


def utilities(tables, tmp_path, *more):
    out = tmp_path / "with.csv"
    run(["mix", "utilities", *tables, "--purpose", "knowing stories", "--out", str(out), *map(str, more)])
    return pd.read_csv(out)


def test_a_model_here(tables, tmp_path, tiny):
    found = utilities(tables, tmp_path, "--model", tiny)
    assert found["utility"].between(0, 1).all()
    assert found[["domain", "tokens"]].to_numpy().tolist() == [["web", 10], ["books", 20]]
    assert utilities(tables, tmp_path, "--model", tiny).equals(found)


def test_the_most_likely_word_is_the_answer(tiny, monkeypatch):
    """Whatever the model holds most likely after the question."""
    judge = LocalJudge(str(tiny))
    asked = []

    def likely(prompt, answer):
        asked.append((prompt, answer))
        return {" Good": -1.0, " Great": -2.0}.get(answer, -5.0)

    monkeypatch.setattr(judge, "_log_likelihood", likely)
    assert judge.utilities(["hello"], "stories") == [WORDS["good"]]
    assert {answer for _, answer in asked} == {f" {word.capitalize()}" for word in WORDS}
    assert all(prompt == question("hello", "stories") for prompt, _ in asked)


def test_log_likelihoods_are_those_of_the_model(tiny):
    judge = LocalJudge(str(tiny))
    ids = judge._tokenizer("ab c", add_special_tokens=False)["input_ids"]
    with torch.no_grad():
        logits = judge._model(torch.tensor([ids])).logits[0].log_softmax(-1)
    expected = (logits[1, ids[2]] + logits[2, ids[3]]) / 2
    assert judge._log_likelihood("ab", " c") == pytest.approx(expected.item(), rel=1e-5)


class Answering(BaseHTTPRequestHandler):
    """An endpoint that finds books great and all else poor, in OpenAI's protocol."""

    asked: ClassVar[list[dict]] = []
    says = staticmethod(lambda text: "Great." if "best of times" in text else "poor")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        message = {"role": "assistant", "content": self.says(body["messages"][0]["content"])}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        found = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [choice]}
        found["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        data = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint():
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_model_behind_an_endpoint(tables, tmp_path, endpoint, capsys):
    found = utilities(tables, tmp_path, "--model", "someone/judge", "--endpoint", endpoint, "--samples", 2)
    assert found.set_index("domain")["utility"].to_dict() == {"web": 0.25, "books": 1.0}
    assert len(Answering.asked) == 3
    assert {body["model"] for body in Answering.asked} == {"someone/judge"}
    assert "good at knowing stories" in Answering.asked[0]["messages"][0]["content"]
    assert "books   1.000" in capsys.readouterr().out


def test_an_answer_that_is_none_of_the_words(tables, tmp_path, endpoint, monkeypatch):
    monkeypatch.setattr(Answering, "says", staticmethod(lambda _: "I cannot tell"))
    with pytest.raises(PhasemixError, match="judge answers 'I cannot tell', and not one of great, good"):
        utilities(tables, tmp_path, "--model", "judge", "--endpoint", endpoint)


def test_an_endpoint_that_is_not_there(tables, tmp_path):
    with pytest.raises(PhasemixError, match=r"--endpoint: http://127\.0\.0\.1:9/v1/chat/completions does not answer"):
        utilities(tables, tmp_path, "--model", "judge", "--endpoint", "http://127.0.0.1:9/v1")


def test_a_model_that_is_not_there(tables, tmp_path):
    with pytest.raises(PhasemixError, match=r"--model nowhere: cannot be loaded .*; name a folder with the model"):
        utilities(tables, tmp_path, "--model", "nowhere")


def test_domains_without_text(tables, tmp_path, tiny):
    pd.DataFrame({"domain": ["web"], "text": ["a"]}).to_csv(tables[1], index=False)
    with pytest.raises(PhasemixError, match="has no text of books"):
        utilities(tables, tmp_path, "--model", tiny)
