"""DoGE's update, worked out by hand (algorithm 1, universal generalisation)."""

import math

import pytest

from phasemix.controllers.doge import DoGE
from tests.controllers.seen import seen


def test_an_update_by_hand():
    """W_a = 2 − .5 and W_b = −.5 + 1; with η = .02 and μ = .1, exponents of .3 and .1."""
    products = {"a": {"a": 2.0, "b": -0.5}, "b": {"a": -0.5, "b": 1.0}}
    found = DoGE(mu=0.1).proportions(seen({"a": 0.4, "b": 0.6}, rate=0.02, products=products))
    total = 0.4 * math.exp(0.3) + 0.6 * math.exp(0.1)
    assert found["a"] == pytest.approx(0.4 * math.exp(0.3) / total, abs=1e-12)
    assert found["b"] == pytest.approx(0.6 * math.exp(0.1) / total, abs=1e-12)
