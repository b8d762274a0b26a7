"""Greedy decoding in batches: the same as one prompt at a time by hand, whatever the model's authors set up."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.popularity.popqa.greedy_model import GreedyModel
from tests.popularity.popqa.world import END, fresh_model, save_model, teach, tokenizer_of

PROMPTS = ["Q: one A:", "Q: one two three four A:", "A:", "Q: two two one three A:", "Q: four A:"]
TURNS = "{% for m in messages %}<{{ m.role }}> {{ m.content }} {% endfor %}{% if add_generation_prompt %}A:{% endif %}"


def by_hand(folder, prompt, most):
    """One prompt, one token after the other, without a cache and without padding."""
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    start = ids.shape[1]
    for _ in range(most):
        with torch.no_grad():
            ids = torch.cat([ids, model(ids).logits[:, -1:].argmax(-1)], dim=1)
        if ids[0, -1] == tokenizer.eos_token_id:
            break
    return tokenizer.decode(ids[0, start:], skip_special_tokens=True).strip().split("\n")[0].strip()


@pytest.fixture(scope="module", params=["llama", "gpt-neox"])
def folder(request, tmp_path_factory):
    others = " ".join(f"w{i}" for i in range(50))  # so that lines seldom end at once
    tokenizer = tokenizer_of([*PROMPTS, others, "\n", "<user>"])
    model = fresh_model(len(tokenizer), request.param, spread=0.5)
    return save_model(tmp_path_factory.mktemp(request.param), model, tokenizer)


def test_batches_say_what_single_prompts_say(folder):
    lines = GreedyModel(str(folder), key="models.a.folder").lines(PROMPTS, 12)
    assert lines == [by_hand(folder, prompt, 12) for prompt in PROMPTS]
    assert len(set(lines)) > 2  # they do not all say the same


def test_what_is_said_ends_with_the_line(tmp_path, monkeypatch):
    """After an empty line an answer, after that the next question, which is not decoded to its end."""
    said = ["\n two\n\n four four four", " one"]
    tokenizer = tokenizer_of([*PROMPTS, *said])
    model = teach(fresh_model(len(tokenizer)), tokenizer, PROMPTS[:2], [said[0], said[1] + END])
    found = GreedyModel(str(save_model(tmp_path, model, tokenizer)), key="a")
    widths = []
    generate = found._model.generate
    monkeypatch.setattr(
        found._model, "generate", lambda **kwargs: (out := generate(**kwargs), widths.append(out.shape[1]))[0]
    )
    assert found.lines(PROMPTS[:2], 50) == ["two", "one"]
    assert widths[0] - len(tokenizer(PROMPTS[1])["input_ids"]) == 3


def test_turns_are_put_into_the_template_of_a_chat(folder, tmp_path):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = TURNS
    save_model(tmp_path, AutoModelForCausalLM.from_pretrained(folder), tokenizer)
    chat, plain = (GreedyModel(str(each), key="a") for each in (tmp_path, folder))
    assert chat.lines(["one"], 6, as_turns=True) == [by_hand(folder, "<user> one A:", 6)]
    assert chat.lines(["one"], 6) == plain.lines(["one"], 6, as_turns=True) == [by_hand(folder, "one", 6)]


def test_a_prompt_longer_than_the_context_is_refused(folder):
    with pytest.raises(PhasemixError, match="250 tokens and an answer of 7 are longer than its context, 256"):
        GreedyModel(str(folder), key="a").lines(["one" + " one" * 249], 7)


def test_a_model_that_is_not_there(tmp_path):
    with pytest.raises(PhasemixError, match=r"models\.a\.folder .*cannot be loaded"):
        GreedyModel(str(tmp_path), key="models.a.folder")
