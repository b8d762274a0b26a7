"""Weights of samples by their losses: worked out by hand, and in training."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.files import read_json
from phasemix.corpora.document_packing import IGNORED
from phasemix.evaluation.validation_loss import token_losses
from phasemix.model.gpt_neox import Dimensions, build_model
from phasemix.study.cell import SampleWeights
from phasemix.training.accumulation import Accumulation
from phasemix.training.devices import Devices
from phasemix.training.sample_weights import STRATEGIES, sample_weights
from phasemix.training.whole import Whole
from tests.conftest import small_cell
from tests.training.runs import interrupt, run, weights

LOSSES = torch.tensor([1.0, 2.0, 2.5, 3.0])  # h = −1, 0, ½, 1


@pytest.mark.parametrize(
    ("strategy", "values"),
    [("linupper", [0, 1, 1, 1]), ("quadratic", [0, 1, 0.75, 0]), ("extremes", [1, 0, 0.5, 1])],
)
def test_strategies_by_hand(strategy, values):
    """w ∝ exp(f(h) / r) with r = ½, and halfway through the run half of that exponent."""
    chosen = SampleWeights(strategy=strategy, temperature=0.5)
    for step, cold in ((0, 2.0), (50, 1.0)):
        powers = [math.exp(value * cold) for value in values]
        expected = [power / sum(powers) for power in powers]
        assert sample_weights(LOSSES, chosen, step, 100).tolist() == pytest.approx(expected, abs=1e-6)


@given(
    losses=st.lists(st.floats(0, 20, width=32), min_size=1, max_size=20),
    strategy=st.sampled_from(sorted(STRATEGIES)),
    step=st.integers(0, 99),
)
def test_weights_sum_to_one_and_none_is_lost(losses, strategy, step):
    found = sample_weights(torch.tensor(losses), SampleWeights(strategy=strategy), step, 100)
    assert found.sum().item() == pytest.approx(1, abs=1e-5)
    assert (found > 0).all()


def test_equal_losses_count_alike():
    found = sample_weights(torch.tensor([2.0, 2.0]), SampleWeights(strategy="extremes"), 0, 100)
    assert found.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("rows", [4, 3])
def test_the_gradient_is_that_of_the_weighted_mean_over_rows(rows):
    """Of whole batches and of micro-batches that do not divide it, with a target that does not count."""
    torch.manual_seed(0)
    model = build_model(Dimensions(2, 16, 2, tied=True, rotary_fraction=0.5, vocabulary=128, context=16))
    ids = np.random.default_rng(0).integers(0, 128, (4, 17))
    inputs, targets = ids[:, :-1], ids[:, 1:].copy()
    targets[3, -1] = IGNORED
    each = torch.tensor([0.1, 0.2, 0.3, 0.4])
    used = torch.tensor([16.0, 16.0, 16.0, 15.0])
    means = token_losses(model, torch.from_numpy(inputs), torch.from_numpy(targets)).sum(1) / used
    ids_, wanted, by = torch.from_numpy(inputs), torch.from_numpy(targets), (each / used)[:, None].expand(4, 16)
    expected = torch.autograd.grad(model(ids_, wanted, by), list(model.parameters()))
    seen = []
    held = Whole(model, Devices(torch.device("cpu")))
    step = Accumulation(held, rows=rows, precision=torch.float32, compiled=None)
    loss = step((inputs, targets), lambda losses: seen.append(losses) or each)
    assert seen[0].tolist() == pytest.approx(means.tolist(), rel=1e-5)
    assert loss == pytest.approx((means * each).sum().item(), rel=1e-5)
    for parameter, gradient in zip(model.parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_training_with_weights_goes_on_where_it_was_interrupted(data, tmp_path, monkeypatch, strategy):
    recipe = {"tokens": 40 * 4 * 32, "sample_weights": {"strategy": strategy, "temperature": 0.5, "equal_steps": 10}}
    cell = small_cell(recipe=recipe)
    whole = run(cell, data, tmp_path / "whole")
    plain = run(small_cell(recipe={"tokens": 40 * 4 * 32}), data, tmp_path / "plain")
    interrupt(monkeypatch, 23, lambda: run(cell, data, tmp_path, checkpoint_seconds=0))
    again = run(cell, data, tmp_path)
    assert weights(again) == weights(whole) != weights(plain)
    found = [read_json(folder / "manifest.json")["overhead_tokens"] for folder in (whole, again, plain)]
    assert found == [30 * 4 * 32 / 3, 30 * 4 * 32 / 3, 0]
