"""``phasemix mix utilities``: a tiny language model here, and a made-up one behind an endpoint."""

import pandas as pd
import pytest
import torch

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from phasemix.search.judges import WORDS, LocalJudge, question
from tests.commands.conftest import Answering

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
