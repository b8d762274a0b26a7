"""Influences by hand, and what they say of documents that teach something and of noise."""

import numpy as np
import pytest
import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

from phasemix.base.errors import PhasemixError
from phasemix.domains import influence
from phasemix.domains.influence import DAMPING, datainf, document_influences

CONTEXT = 16


def test_the_formula_with_inverses_of_matrices():
    rng = np.random.default_rng(0)
    gradients, wanted = rng.normal(size=(7, 4)), rng.normal(size=4)
    damping = DAMPING * np.mean(np.sum(gradients**2, axis=1)) / 4
    inverse = np.mean([np.linalg.inv(np.outer(g, g) + damping * np.eye(4)) for g in gradients], axis=0)
    found = datainf(torch.tensor(gradients), torch.tensor(wanted))
    assert found.numpy() == pytest.approx(gradients @ inverse @ wanted, abs=1e-12)


def test_parameters_that_nothing_depends_on_have_no_influence():
    assert datainf(torch.zeros(3, 2), torch.ones(2)).tolist() == [0, 0, 0]


@pytest.fixture(scope="module")
def model():
    """A model of two layers that has half learned to count up from any number, modulo 20."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = GPTNeoXConfig(vocab_size=40, max_position_embeddings=CONTEXT, attn_implementation="eager", **sizes)
    model = GPTNeoXForCausalLM(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    rng = np.random.default_rng(1)
    for _ in range(60):
        rows = torch.tensor(np.stack([counting(rng, CONTEXT) for _ in range(16)]))
        optimizer.zero_grad()
        model(rows, labels=rows).loss.backward()
        optimizer.step()
    return model.eval()


def counting(rng, length):
    return (rng.integers(20) + np.arange(length)) % 20


def test_text_like_the_held_out_one_helps_and_noise_does_not(model):
    rng = np.random.default_rng(2)
    good = [counting(rng, length) for length in rng.integers(8, 40, size=30)]
    noise = [rng.integers(0, 20, size=24) for _ in range(30)]
    heldout = torch.tensor(np.stack([counting(rng, CONTEXT + 1) for _ in range(20)]))
    found = document_influences(model, [*good, *noise], heldout, CONTEXT)
    assert found.shape == (60,)
    assert found[:30].mean() > 0 > found[30:].mean()
    assert (found[:30] > found[30:].mean()).mean() > 0.9


def test_of_long_documents_the_beginning_is_taken_and_short_ones_say_nothing(model):
    rng = np.random.default_rng(3)
    heldout = torch.tensor(np.stack([counting(rng, CONTEXT + 1) for _ in range(4)]))
    long = counting(rng, 60)
    found = document_influences(model, [long, long[: CONTEXT + 1], long[:1], long[:0]], heldout, CONTEXT)
    assert found[0] == pytest.approx(found[1], rel=1e-5)
    assert found[2] == found[3] == 0


def test_matrices_are_taken_in_groups_that_memory_holds(model, monkeypatch):
    rng = np.random.default_rng(4)
    documents = [counting(rng, 20) for _ in range(6)]
    heldout = torch.tensor(np.stack([counting(rng, CONTEXT + 1) for _ in range(4)]))
    whole = document_influences(model, documents, heldout, CONTEXT)
    largest = max(each.numel() for each in model.parameters())
    monkeypatch.setattr(influence, "MOST_BYTES", 4.0 * largest * 6)
    assert document_influences(model, documents, heldout, CONTEXT) == pytest.approx(whole, rel=1e-4)


def test_more_gradients_than_memory_holds_are_refused(model, monkeypatch):
    monkeypatch.setattr(influence, "MOST_BYTES", 1e4)
    with pytest.raises(PhasemixError, match="take fewer documents or a smaller model"):
        document_influences(model, [np.arange(5)] * 9, torch.zeros(1, CONTEXT + 1, dtype=torch.long), CONTEXT)
