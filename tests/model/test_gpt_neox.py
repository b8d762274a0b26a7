"""Pythia's architecture: its sizes, its numbers, its files."""

import re

import pytest
import torch
from pydantic import ValidationError
from torch.nn import functional
from transformers import AutoModelForCausalLM, GPTNeoXConfig, GPTNeoXForCausalLM

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.model.gpt_neox import Dimensions, build_model, load_model, save_weights
from phasemix.model.kernels import DENSE_CONTEXT
from phasemix.study.cell import Architecture
from tests.conftest import merged

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
    return {size: Architecture(**found) for size, found in merged("config.yaml")["models"].items()}


def fresh(architecture, vocabulary, context=32):
    return build_model(Dimensions.of(architecture, vocabulary, context))


def parameters(architecture, vocabulary):
    with torch.device("meta"):
        return sum(p.numel() for p in fresh(architecture, vocabulary, 64).parameters())


@pytest.mark.parametrize(("size", "published"), PYTHIA.items())
def test_pythias_sizes_have_pythias_parameters(models, size, published):
    # Pythia 6.9B pads its vocabulary to 50,432 for model parallelism; ours stays at 50,304.
    extra = 2 * (50_432 - 50_304) * 4096 if size == "6.9B" else 0
    assert parameters(models[size], 50_277) + extra == published


def test_sizes_are_named_by_their_parameters(models):
    for size, architecture in models.items():
        number, letter = re.fullmatch(r"([\d.]+)([kMB])(-\d+heads)?", size).group(1, 2)
        named = float(number) * {"k": 1e3, "M": 1e6, "B": 1e9}[letter]
        assert parameters(architecture, 1024 if size[-1] == "k" else 50_277) == pytest.approx(named, rel=0.04)


def test_everything_else_is_pythias():
    config = GPTNeoXConfig.from_dict(
        Dimensions.of(Architecture(layers=6, width=512, heads=8), 50_277, 2048).transformers
    )
    assert (config.vocab_size, config.intermediate_size, config.use_parallel_residual) == (50_304, 2048, True)
    assert config.rope_parameters["partial_rotary_factor"] == 0.25
    assert (config.hidden_act, config.layer_norm_eps, config.initializer_range) == ("gelu", 1e-5, 0.02)
    assert not config.tie_word_embeddings


def test_a_model_never_looks_ahead():
    torch.manual_seed(0)
    model = fresh(Architecture(layers=2, width=16, heads=2), 256).eval()
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
    model = fresh(architecture, 300, context)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
    save_weights(model.dimensions, model.state_dict(), tmp_path)
    reference = AutoModelForCausalLM.from_pretrained(tmp_path)
    ids, targets = torch.randint(0, 300, (2, 2, context))
    targets = targets.clone()
    targets[0, :5] = -100
    logits = reference(ids).logits
    found = model.logits(model.hidden_states(ids))
    assert torch.allclose(found, logits, rtol=1e-4, atol=1e-4)
    assert torch.equal(load_model(tmp_path).hidden_states(ids), model.hidden_states(ids))
    model(ids, targets, (1 / (targets != -100).sum()).expand(targets.shape)).backward()
    functional.cross_entropy(logits.flatten(0, 1), targets.flatten()).backward()
    expected = dict(reference.named_parameters())
    assert expected.keys() == dict(model.named_parameters()).keys()
    for name, parameter in model.named_parameters():
        assert (parameter.grad - expected[name].grad).norm() <= 1e-4 * expected[name].grad.norm(), name


def test_a_question_may_be_longer_than_the_context():
    torch.manual_seed(0)
    model = fresh(Architecture(layers=1, width=16, heads=2), 256)
    ids = torch.randint(0, 256, (1, 50))
    assert torch.allclose(model.hidden_states(ids)[:, :20], model.hidden_states(ids[:, :20]), atol=1e-6)


def test_fresh_weights_are_pythias():
    """At width 64 and 3 layers, √(2/320) = .0791 and 2/24 = .0833."""
    torch.manual_seed(0)
    model = fresh(Architecture(layers=3, width=64, heads=2), 512)
    for name, parameter in model.named_parameters():
        if parameter.ndim >= 2:
            output = name.endswith(("attention.dense.weight", "dense_4h_to_h.weight"))
            assert parameter.std().item() == pytest.approx(0.0833 if output else 0.0791, rel=0.03), name
        else:
            assert parameter.eq(0.0 if name.endswith("bias") else 1.0).all(), name


def test_impossible_widths_are_refused():
    with pytest.raises(ValidationError, match="width 50 must be a multiple of 2 × heads = 8"):
        Architecture(layers=1, width=50, heads=4)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_dimensions_are_read_as_they_were_written(kind, tmp_path):
    architecture, context = ARCHITECTURES[kind]
    dimensions = Dimensions.of(architecture, 300, context, end_of_text=3)
    assert Dimensions.read(dimensions.transformers) == dimensions
    GPTNeoXConfig.from_dict(dimensions.transformers).save_pretrained(tmp_path)
    assert Dimensions.read(read_json(tmp_path / "config.json")) == dimensions


OLD = {  # EleutherAI/pythia-70m's, as it stands on the hub
    "architectures": ["GPTNeoXForCausalLM"], "bos_token_id": 0, "eos_token_id": 0, "hidden_act": "gelu",
    "hidden_size": 512, "initializer_range": 0.02, "intermediate_size": 2048, "layer_norm_eps": 1e-05,
    "max_position_embeddings": 2048, "model_type": "gpt_neox", "num_attention_heads": 8, "num_hidden_layers": 6,
    "rotary_emb_base": 10000, "rotary_pct": 0.25, "tie_word_embeddings": False, "torch_dtype": "float16",
    "transformers_version": "4.24.0", "use_cache": True, "use_parallel_residual": True, "vocab_size": 50304,
}  # fmt: skip


def test_dimensions_are_read_of_older_files():
    expected = Dimensions.of(Architecture(layers=6, width=512, heads=8), 50_277, 2048)
    assert Dimensions.read(OLD) == expected
    assert Dimensions.read(OLD | {"rotary_pct": 0.5}).rotary_fraction == 0.5
    assert Dimensions.read(OLD | {"rope_parameters": None, "eos_token_id": None}) == expected
    bare = {name: OLD[name] for name in OLD if name.startswith(("num_", "hidden_size", "vocab", "max", "model_type"))}
    assert Dimensions.read(bare) == expected


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("model_type", "llama", "a model of type 'llama' is no GPT-NeoX"),
        ("use_parallel_residual", False, "use_parallel_residual is False; only Pythia's, True, is computed"),
        ("intermediate_size", 1024, "intermediate_size is 1024; only Pythia's, 2048, is computed"),
        ("hidden_act", "gelu_new", "hidden_act is 'gelu_new'"),
        ("rotary_emb_base", 500_000, "rope_theta is 500000"),
        ("rope_parameters", {"rope_type": "linear", "factor": 2.0}, "rope_type is 'linear'"),
        ("layer_norm_eps", 1e-6, "layer_norm_eps is 1e-06"),
        ("attention_bias", False, "attention_bias is False"),
    ],
)
def test_a_model_that_is_computed_otherwise_is_refused(key, value, problem):
    with pytest.raises(PhasemixError, match=problem):
        Dimensions.read(OLD | {key: value})


@pytest.mark.parametrize("tied", [True, False])
def test_a_model_that_transformers_saved_is_loaded(tmp_path, tied):
    torch.manual_seed(0)
    architecture = Architecture(layers=2, width=24, heads=2, tied=tied, rotary_fraction=0.5)
    config = GPTNeoXConfig.from_dict(Dimensions.of(architecture, 300, 64).transformers)
    theirs = GPTNeoXForCausalLM(config)
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    assert ours.dimensions == Dimensions.of(architecture, 300, 64)
    ids = torch.randint(0, 300, (2, 64))
    assert torch.allclose(ours.logits(ours.hidden_states(ids)), theirs(ids).logits, rtol=1e-4, atol=1e-5)


def test_a_model_of_another_kind_is_not_loaded(tmp_path):
    model = fresh(Architecture(layers=1, width=16, heads=2), 256)
    save_weights(model.dimensions, model.state_dict(), tmp_path)
    config = read_json(tmp_path / "config.json")
    write_json(tmp_path / "config.json", config | {"model_type": "gpt2"})
    with pytest.raises(PhasemixError, match="a model of type 'gpt2' is no GPT-NeoX"):
        load_model(tmp_path)
