"""A language model that runs here: what it is given, and that its answers are its own."""

import pytest
from transformers import AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import named_seed
from phasemix.wikibio.paraphrasers import LocalParaphraser

REQUESTS = ["Say it.", "Say this in another way, please."]


@pytest.fixture(scope="module")
def model(tiny):
    return LocalParaphraser(str(tiny), None)


def test_answers_are_decided_by_the_seed(model):
    found = model.answers(REQUESTS, 1, named_seed(1))
    assert found == model.answers(REQUESTS, 1, named_seed(1))
    assert found != model.answers(REQUESTS, 1, named_seed(2))
    assert [bool(answer) for answer in found] == [True, True]


def test_a_batch_changes_no_ones_probabilities(model, monkeypatch):
    """What pads a short request is not seen: with the most likely words, each gets the answer that it gets alone."""
    generate = model._model.generate
    monkeypatch.setattr(model._model, "generate", lambda *a, **k: generate(*a, **(k | {"do_sample": False})))
    together = model.answers(REQUESTS, 1, 0)
    for request, answer in zip(REQUESTS, together):
        [alone] = model.answers([request], 1, 0)
        assert alone
        assert answer.startswith(alone)


def test_answers_end_where_the_context_does(model):
    room = model._model.config.max_position_embeddings
    long, short = model.answers(["a" * (room - 10), "b"], 5, 0)
    assert 0 < len(long.split(" ")) <= 10, "a token each"
    assert short
    assert model.answers(["a" * room], 5, 0) == [""]
    assert model.answers([], 5, 0) == []


def test_a_chat_template_is_used(tiny):
    tokenizer = AutoTokenizer.from_pretrained(tiny)
    model = LocalParaphraser(str(tiny), None)
    assert model._encode("Hello.") == tokenizer("Hello.")["input_ids"]
    model._tokenizer.chat_template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<answer>"
    assert model._encode("Hello.") == tokenizer("<user>Hello.<answer>")["input_ids"]


def test_which_model_it_was(tiny, model):
    assert set(model.stamp) == {"model", "files"}
    assert model.stamp["files"]["model.safetensors"]["bytes"] == (tiny / "model.safetensors").stat().st_size
    with pytest.raises(
        PhasemixError, match="a model of the hub must be pinned: --model-revision must be a full commit"
    ):
        LocalParaphraser("someone/model", "main")
    with pytest.raises(PhasemixError, match="--model someone/model: cannot be loaded"):
        LocalParaphraser("someone/model", "0" * 40)
