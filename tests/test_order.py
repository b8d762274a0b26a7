"""What training costs, and the order it gives."""

import copy

import pytest

from phasemix.cell import Architecture, Recipe
from phasemix.config import load
from phasemix.flops import training_flops
from phasemix.order import priorities
from tests.conftest import read_yaml


def test_flops_worked_out_by_hand():
    """A layer of width 4: 192 weights; a head of 10 × 4; attention 2 × 8 × 4; two operations each, three passes."""
    assert training_flops(Architecture(layers=1, width=4, heads=1), 10, 8) == 2 * 3 * (192 + 40 + 64)


def test_large_models_cost_six_flops_a_parameter_and_token():
    architecture = load(read_yaml(["config.yaml"])).models["410M"]
    parameters_in_products = 24 * 12 * 1024**2 + 50_304 * 1024
    found = training_flops(architecture, 50_304, 2048)
    assert found == pytest.approx(6 * parameters_in_products, rel=0.35)
    assert found > 6 * parameters_in_products


def test_a_fig_3s_horizons_train_3_9_times_fewer_tokens_than_separate_runs():
    """Twenty horizons spaced by 1.2 up to 256 billion tokens: one trunk, twenty cooldowns of a tenth."""
    recipes = [Recipe(tokens=round(256e9 / 1.2**k)) for k in range(20)]
    separate = sum(recipe.steps for recipe in recipes)
    shared = recipes[0].cooldown_step + sum(recipe.steps - recipe.cooldown_step for recipe in recipes)
    assert separate / shared == pytest.approx(3.94, abs=0.01)


def test_the_largest_and_longest_come_first():
    config = copy.deepcopy(read_yaml(["config.yaml", "scales/smoke.yaml"]))
    config["experiments"]["time_to_accuracy"]["grid"][0]["sizes"] = ["23k", "39k"]
    found = priorities(load(config))
    assert found["transition", "39k", ""] > found["transition", "23k", ""]
    assert found["time_to_accuracy", "39k", "trunk"] > found["time_to_accuracy", "39k", "/tokens=49152"]
    branches = [found["time_to_accuracy", "23k", f"/tokens={tokens}"] for tokens in (16_384, 32_768, 49_152)]
    assert branches == sorted(branches)
    assert len(set(branches)) == 3
