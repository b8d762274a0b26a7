"""Greedy decoding: token by token what the model finds likeliest, and no more than is asked for."""

import numpy as np
import torch
from transformers import GPTNeoXForCausalLM

from phasemix.evaluation.greedy_decoding import continuations
from phasemix.model.gpt_neox import Dimensions, build_model, load_model, save_weights

DIMENSIONS = Dimensions(
    layers=2, width=16, heads=2, tied=True, rotary_fraction=0.5, vocabulary=50, context=64, end_of_text=0
)


def test_it_is_what_transformers_generates(tmp_path):
    """Prompts of many lengths; answers end at the end-of-text or after so many tokens."""
    torch.manual_seed(0)
    save_weights(DIMENSIONS, build_model(DIMENSIONS).state_dict(), tmp_path)
    model, theirs = load_model(tmp_path), GPTNeoXForCausalLM.from_pretrained(tmp_path).eval()
    rng = np.random.default_rng(0)
    prompts = [[0, *rng.integers(1, 50, size=size).tolist()] for size in rng.integers(1, 20, size=40)]
    most = rng.integers(1, 12, size=40).tolist()
    found = continuations(model, prompts, most, stop=0)
    for prompt, length, said in zip(prompts, most, found, strict=True):
        ids = torch.tensor([prompt])
        whole = theirs.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=length, do_sample=False)
        wanted = whole[0, len(prompt) :].tolist()
        assert said == (wanted[: wanted.index(0)] if 0 in wanted else wanted)


def test_nothing_is_said_where_nothing_may_be():
    torch.manual_seed(0)
    model = build_model(DIMENSIONS)
    assert continuations(model, [[0, 1], [0, 2]], [0, 1], stop=0)[0] == []
    assert continuations(model, [], [], stop=0) == []
