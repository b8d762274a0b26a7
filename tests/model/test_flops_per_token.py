"""What a token costs."""

import pytest

from phasemix.model.flops_per_token import forward_flops_per_token, parameters, training_flops_per_token
from phasemix.model.gpt_neox import Dimensions, build_model
from phasemix.study.cell import Architecture
from tests.conftest import merged

LARGE = Architecture(**merged("config.yaml")["models"]["410M"])


def test_flops_worked_out_by_hand():
    """A layer of width 4: 192 weights; a head of 10 × 4; attention 2 × 8 × 4; two operations each, three passes."""
    architecture = Architecture(layers=1, width=4, heads=1)
    assert forward_flops_per_token(architecture, 10, 8) == 2 * (192 + 40 + 64)
    assert training_flops_per_token(architecture, 10, 8) == 3 * forward_flops_per_token(architecture, 10, 8)


def test_large_models_cost_six_flops_a_parameter_and_token():
    parameters_in_products = 24 * 12 * 1024**2 + 50_304 * 1024
    found = training_flops_per_token(LARGE, 50_304, 2048)
    assert found == pytest.approx(6 * parameters_in_products, rel=0.35)
    assert found > 6 * parameters_in_products


@pytest.mark.parametrize("tied", [True, False])
def test_parameters_are_counted_as_the_model_has_them(tied):
    architecture = Architecture(layers=3, width=16, heads=2, tied=tied)
    model = build_model(Dimensions.of(architecture, 128, 8))
    assert parameters(architecture, 128) == sum(parameter.numel() for parameter in model.parameters())


def test_pythia_410m_has_its_parameters():
    """EleutherAI's model card: 405,334,016."""
    assert parameters(LARGE, 50_304) == 405_334_016
