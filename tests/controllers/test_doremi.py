"""DoReMi's update, worked out by hand (algorithm 1)."""

import math

import pytest

from phasemix.controllers.doremi import DoReMi
from tests.controllers.seen import seen


def test_an_update_by_hand():
    """Excess losses of .4 and 0: α' = .25·e^.8 and .75, of which 99 %, and half a per cent each."""
    found = DoReMi(rate=2.0, smoothing=0.01).proportions(seen({"a": 0.25, "b": 0.75}, excess={"a": 0.4, "b": 0.0}))
    total = 0.25 * math.exp(0.8) + 0.75
    assert found["a"] == pytest.approx(0.99 * 0.25 * math.exp(0.8) / total + 0.005, abs=1e-12)
    assert found["b"] == pytest.approx(0.99 * 0.75 / total + 0.005, abs=1e-12)


def test_where_the_proxy_is_as_good_as_the_reference_nothing_changes():
    found = DoReMi(smoothing=0.0).proportions(seen({"a": 0.25, "b": 0.75}, excess={"a": 0.0, "b": 0.0}))
    assert found == pytest.approx({"a": 0.25, "b": 0.75}, abs=1e-12)
