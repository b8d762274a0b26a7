"""Pythia's architecture and the learning-rate schedules."""

import pytest
import torch
from pydantic import ValidationError
from torch.nn import functional
from transformers import AutoModelForCausalLM, GPTNeoXConfig

from phasemix.model.gpt_neox import build_model, load_model, model_config, save_model
from phasemix.model.kernels import DENSE_CONTEXT
from phasemix.study.cell import Architecture, Recipe
from phasemix.study.config import load
from phasemix.training.learning_rate_schedules import learning_rate
from tests.conftest import read_yaml

PYTHIA = {  # parameters in all, as EleutherAI publishes them
    "14M": 14_067_712,
    "31M": 30_494_720,
    "70M": 70_426_624,
    "160M": 162_322_944,
    "410M": 405_334_016,
    "1B": 1_011_781_632,
    "1.4B": 1_414_647_808,
    "2.8B": 2_775_208_960,
    "6.9B": 6_857_302_016,
}


@pytest.fixture(scope="module")
def models():
    return load(read_yaml(["config.yaml"])).models


def parameters(architecture, vocabulary):
    with torch.device("meta"):
        return sum(p.numel() for p in build_model(architecture, vocabulary, 64).parameters())


@pytest.mark.parametrize(("size", "published"), PYTHIA.items())
def test_pythias_sizes_have_pythias_parameters(models, size, published):
    # Pythia 6.9B pads its vocabulary to 50,432 for model parallelism; ours stays at 50,304.
    extra = 2 * (50_432 - 50_304) * 4096 if size == "6.9B" else 0
    assert parameters(models[size], 50_277) + extra == published


def test_sizes_are_named_by_their_parameters(models):
    for size, architecture in models.items():
        named = float(size[:-1]) * {"k": 1e3, "M": 1e6, "B": 1e9}[size[-1]]
        assert parameters(architecture, 1024 if size[-1] == "k" else 50_277) == pytest.approx(named, rel=0.04)


def test_everything_else_is_pythias():
    config = model_config(Architecture(layers=6, width=512, heads=8), 50_277, 2048)
    assert isinstance(config, GPTNeoXConfig)
    assert (config.vocab_size, config.intermediate_size, config.use_parallel_residual) == (50_304, 2048, True)
    assert config.rope_parameters["partial_rotary_factor"] == 0.25
    assert (config.hidden_act, config.layer_norm_eps, config.initializer_range) == ("gelu", 1e-5, 0.02)
    assert not config.tie_word_embeddings


def test_a_model_never_looks_ahead():
    torch.manual_seed(0)
    model = build_model(Architecture(layers=2, width=16, heads=2), 256, 32).eval()
    ids = torch.randint(0, 256, (1, 32))
    changed = ids.clone()
    changed[0, 20:] = 7
    found, other = (model.logits(model.hidden_states(x)) for x in (ids, changed))
    assert torch.allclose(found[0, :20], other[0, :20], atol=1e-6)


ARCHITECTURES = {
    "tied": (Architecture(layers=2, width=24, heads=2, tied=True), 64),
    "untied, half rotary": (Architecture(layers=3, width=32, heads=4, rotary_fraction=0.5), 64),
    "fused attention": (Architecture(layers=1, width=16, heads=2), DENSE_CONTEXT + 40),
}


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_transformers_loads_it_and_computes_the_same(kind, tmp_path):
    """Logits, loss and every gradient, on weights far from their first values."""
    architecture, context = ARCHITECTURES[kind]
    torch.manual_seed(0)
    model = build_model(architecture, 300, context)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
    save_model(model, tmp_path)
    reference = AutoModelForCausalLM.from_pretrained(tmp_path)
    ids, targets = torch.randint(0, 300, (2, 2, context))
    targets = targets.clone()
    targets[0, :5] = -100
    logits = reference(ids).logits
    found = model.logits(model.hidden_states(ids))
    assert torch.allclose(found, logits, rtol=1e-4, atol=1e-4)
    assert torch.equal(load_model(tmp_path).hidden_states(ids), model.hidden_states(ids))
    model(ids, targets, 1 / (targets != -100).sum()).backward()
    functional.cross_entropy(logits.flatten(0, 1), targets.flatten()).backward()
    expected = dict(reference.named_parameters())
    assert expected.keys() == dict(model.named_parameters()).keys()
    for name, parameter in model.named_parameters():
        assert (parameter.grad - expected[name].grad).norm() <= 1e-4 * expected[name].grad.norm(), name


def test_a_question_may_be_longer_than_the_context():
    torch.manual_seed(0)
    model = build_model(Architecture(layers=1, width=16, heads=2), 256, 32)
    ids = torch.randint(0, 256, (1, 50))
    assert torch.allclose(model.hidden_states(ids)[:, :20], model.hidden_states(ids[:, :20]), atol=1e-6)


def test_fresh_weights_are_pythias():
    torch.manual_seed(0)
    model = build_model(Architecture(layers=2, width=64, heads=2), 512, 32)
    for name, parameter in model.named_parameters():
        if parameter.ndim >= 2:
            assert parameter.std().item() == pytest.approx(0.02, rel=0.05), name
        else:
            assert parameter.eq(0.0 if name.endswith("bias") else 1.0).all(), name


def test_impossible_widths_are_refused():
    with pytest.raises(ValidationError, match="width 50 must be a multiple of 2 × heads = 8"):
        Architecture(layers=1, width=50, heads=4)


def rates(steps=100, **recipe):
    recipe = Recipe(tokens=steps, batch_size=1, context=1, **{"warmup_steps": 10, "peak_learning_rate": 2.0, **recipe})
    return [learning_rate(step, recipe) for step in range(steps)]


def test_wsd_warms_up_stays_and_cools_down():
    found = rates(schedule="wsd", cooldown_fraction=0.2)
    assert found[:10] == pytest.approx([0.2 * (i + 1) for i in range(10)])
    assert found[10:80] == [2.0] * 70
    assert found[80:] == pytest.approx([2.0 * (20 - i) / 21 for i in range(20)])


def test_the_cooldown_begins_at_its_step_whatever_the_horizon():
    for steps in (57, 100, 333):
        recipe = Recipe(tokens=steps, batch_size=1, context=1, warmup_steps=10, peak_learning_rate=2.0)
        found = [learning_rate(step, recipe) for step in range(steps)]
        assert found[recipe.cooldown_step - 1] == 2.0 > found[recipe.cooldown_step]
        assert found[: recipe.cooldown_step] == rates(steps=1000)[: recipe.cooldown_step]


def test_cosine_ends_at_a_tenth_of_the_peak():
    found = rates(schedule="cosine")
    assert found[10] == 2.0
    assert found[55] == pytest.approx(2.0 * 0.55)  # half way: the mean of 1 and .1
    assert found[-1] == pytest.approx(0.2, rel=0.01)
    assert found[10:] == sorted(found[10:], reverse=True)


def test_constant_stays():
    assert rates(schedule="constant")[10:] == [2.0] * 90


def test_a_run_shorter_than_its_warm_up_is_refused():
    with pytest.raises(ValidationError, match="not more than the 10 warm-up steps"):
        rates(steps=10)
