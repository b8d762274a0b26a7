"""Answers against what they mean: greedy decoding, and the loss of transformers."""

import numpy as np
import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from phasemix.base.seeds import generator
from phasemix.evaluation.answers import answer
from phasemix.evaluation.questions import make_questions
from phasemix.evaluation.validation_loss import stream_loss
from phasemix.model.gpt_neox import Dimensions, build_model, save_weights
from phasemix.study.cell import Architecture

KNOWN = 8  # of the people, so many are taught


@pytest.fixture(scope="module")
def half_learned(synbio, tokenizer):
    """A small model taught biographies until it knows some facts and not others."""
    torch.manual_seed(0)
    architecture = Architecture(layers=1, width=32, heads=2, tied=True)
    model = build_model(Dimensions.of(architecture, len(tokenizer), 128))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    rng = generator("teach")
    for _ in range(200):
        texts = synbio.biographies(rng.integers(0, KNOWN, 8), rng)
        documents = [[0, *ids] for ids in tokenizer.encode_documents(texts)]
        longest = max(map(len, documents))
        ids = torch.tensor([ids + [0] * (longest - len(ids)) for ids in documents])
        weights = torch.full((len(ids), longest - 1), 1 / (len(ids) * (longest - 1)))
        loss = model(ids[:, :-1], ids[:, 1:], weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def test_accuracy_is_what_greedy_decoding_gives(half_learned, synbio, tokenizer, tmp_path):
    save_weights(half_learned.dimensions, half_learned.state_dict(), tmp_path)
    reference = AutoModelForCausalLM.from_pretrained(tmp_path)
    questions = make_questions(synbio.questions(np.arange(20)), tokenizer)
    correct, loss = answer(half_learned, questions)
    assert 0.1 < correct.mean() < 0.95  # the comparison means something
    for i in range(0, len(correct), 7):
        ids, length = questions.ids[i], questions.lengths[i]
        prompt = torch.tensor([ids[:-length]])
        decoded = reference.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=length,
            min_new_tokens=length,
            do_sample=False,
            pad_token_id=0,
            eos_token_id=None,
        )
        assert (decoded[0, -length:].tolist() == ids[-length:]) == correct[i]
        logits = reference(torch.tensor([ids[:-1]])).logits[0, -length:]
        expected = functional.cross_entropy(logits, torch.tensor(ids[-length:]), reduction="sum")
        assert loss[i] == pytest.approx(expected.item(), rel=1e-4, abs=1e-5)


def test_stream_loss_is_the_mean_over_rows(half_learned):
    ids = np.random.default_rng(0).integers(0, 400, size=32 * 70 + 5)
    x = torch.from_numpy(ids[: 32 * 70 + 1].astype(np.int64))
    logits = half_learned.logits(half_learned.hidden_states(x[:-1].view(70, 32)))
    mean = functional.cross_entropy(logits.flatten(0, 1), x[1:])  # in nats a token
    assert stream_loss(half_learned, ids, 32) == pytest.approx(mean.item(), rel=1e-5)
    with pytest.raises(ValueError, match="do not fill one row"):
        stream_loss(half_learned, ids[:32], 32)
