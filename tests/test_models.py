"""Pythia's architecture and the learning-rate schedules."""

import pytest
import torch
from pydantic import ValidationError
from transformers import GPTNeoXConfig

from phasemix.cell import Architecture, Recipe
from phasemix.config import load
from phasemix.models import build_model, model_config
from phasemix.schedules import learning_rate
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
    assert torch.allclose(model(ids).logits[0, :20], model(changed).logits[0, :20], atol=1e-6)


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
