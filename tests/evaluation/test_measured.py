"""What controllers measure: against PyTorch's own gradients, and what a step along one of them does."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from phasemix.evaluation.measured import HeldOut
from phasemix.evaluation.validation_loss import stream_loss
from phasemix.model.gpt_neox import Dimensions, build_model

CONTEXT = 16
DIMENSIONS = Dimensions(2, 16, 2, tied=True, rotary_fraction=0.5, vocabulary=128, context=CONTEXT)


def model(seed):
    torch.manual_seed(seed)
    return build_model(DIMENSIONS)


@pytest.fixture
def texts():
    rng = np.random.default_rng(0)
    return {"a": rng.integers(0, 40, 20 * CONTEXT + 1), "b": rng.integers(30, 128, 3 * CONTEXT + 5)}


def loss_of(module, ids):
    rows = (len(ids) - 1) // CONTEXT
    used = torch.from_numpy(ids[: rows * CONTEXT + 1])
    logits = module.logits(module.hidden_states(used[:-1].view(rows, CONTEXT)))
    return functional.cross_entropy(logits.flatten(0, 1), used[1:], reduction="none")


def test_losses_are_those_of_an_evaluation(texts):
    heldout = HeldOut(texts, CONTEXT)
    found = heldout.of(model(1)).losses()
    assert found == {name: stream_loss(model(1), ids, CONTEXT) for name, ids in texts.items()}


def test_excess_losses_are_those_of_tokens(texts):
    """Where the model is better than the reference on a token, nothing is taken off what it lacks on others."""
    own, reference = model(1), model(2)
    found = HeldOut(texts, CONTEXT, reference).of(own).excess_losses()
    with torch.no_grad():
        for name, ids in texts.items():
            expected = (loss_of(own, ids) - loss_of(reference, ids)).clamp(min=0).mean().item()
            assert found[name] == pytest.approx(expected, rel=1e-5)
            assert found[name] > max(0.0, (loss_of(own, ids) - loss_of(reference, ids)).mean().item())


def test_without_a_reference_there_is_no_excess(texts):
    with pytest.raises(ValueError, match="reference"):
        HeldOut(texts, CONTEXT).of(model(1)).excess_losses()


def test_gradient_products_are_those_of_autograd(texts):
    own = model(1)
    found = HeldOut(texts, CONTEXT).of(own).gradient_products()
    flat = {}
    for name, ids in texts.items():
        gradients = torch.autograd.grad(loss_of(own, ids).mean(), list(own.parameters()))
        flat[name] = torch.cat([gradient.flatten() for gradient in gradients])
    for one in texts:
        for other in texts:
            assert found[one][other] == pytest.approx((flat[one] @ flat[other]).item(), rel=1e-4)


def test_what_is_measured_is_counted_in_tokens_of_training(texts):
    """23 rows of 16: a third of them for losses, all for gradients; the reference is asked once."""
    heldout, tokens = HeldOut(texts, CONTEXT, model(2)), 23 * CONTEXT
    heldout.of(model(1)).losses()
    assert heldout.cost == pytest.approx(tokens / 3)
    heldout.of(model(1)).gradient_products()
    assert heldout.cost == pytest.approx(tokens * 4 / 3)
    heldout.of(model(1)).excess_losses()
    assert heldout.cost == pytest.approx(tokens * 6 / 3)
    heldout.of(model(3)).excess_losses()
    assert heldout.cost == pytest.approx(tokens * 7 / 3)
