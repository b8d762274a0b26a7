"""Exponentiated gradient, worked out by hand."""

import math

import pytest

from phasemix.controllers.exponentiated_gradient import ExponentiatedGradient
from tests.controllers.seen import seen

HALF = {"a": 0.5, "b": 0.5}


def test_the_first_time_losses_are_only_taken_note_of():
    found = ExponentiatedGradient(rate=2.0, smoothing=0.0).proportions(seen(HALF, {"a": 4.0, "b": 2.0}))
    assert found == pytest.approx(HALF)
    smoothed = ExponentiatedGradient(rate=2.0, smoothing=0.2).proportions(
        seen({"a": 0.9, "b": 0.1}, {"a": 4.0, "b": 2.0})
    )
    assert smoothed == pytest.approx({"a": 0.8 * 0.9 + 0.1, "b": 0.8 * 0.1 + 0.1})


def test_an_update_worked_out_by_hand():
    """a has lost half of its loss and b a quarter: a lags by −1/4 behind b, so p_a : p_b = e^(−2/4) : 1."""
    controller = ExponentiatedGradient(rate=2.0, smoothing=0.1)
    controller.proportions(seen(HALF, {"a": 4.0, "b": 2.0}))
    found = controller.proportions(seen(HALF, {"a": 2.0, "b": 1.5}))
    weights = {"a": 0.5 * math.exp(-0.5), "b": 0.5}
    total = sum(weights.values())
    assert found == pytest.approx({name: 0.9 * weight / total + 0.05 for name, weight in weights.items()})
    assert found["b"] > found["a"]
