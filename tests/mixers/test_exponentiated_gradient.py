"""Exponentiated gradient, worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.mixers.controller import Controller, Seen, controllers, make_controller
from phasemix.mixers.exponentiated_gradient import Mixer

HALF = {"a": 0.5, "b": 0.5}


def seen(losses, proportions=HALF, tokens=0):
    return Seen(tokens, proportions, losses)


def test_the_first_time_losses_are_only_taken_note_of():
    assert Mixer(rate=2.0, smoothing=0.0).proportions(seen({"a": 4.0, "b": 2.0})) == pytest.approx(HALF)
    smoothed = Mixer(rate=2.0, smoothing=0.2).proportions(seen({"a": 4.0, "b": 2.0}, {"a": 0.9, "b": 0.1}))
    assert smoothed == pytest.approx({"a": 0.8 * 0.9 + 0.1, "b": 0.8 * 0.1 + 0.1})


def test_an_update_worked_out_by_hand():
    """a has lost half of its loss and b a quarter: a lags by −1/4 behind b, so p_a : p_b = e^(−2/4) : 1."""
    mixer = Mixer(rate=2.0, smoothing=0.1)
    mixer.proportions(seen({"a": 4.0, "b": 2.0}))
    found = mixer.proportions(seen({"a": 2.0, "b": 1.5}))
    weights = {"a": 0.5 * math.exp(-0.5), "b": 0.5}
    total = sum(weights.values())
    assert found == pytest.approx({name: 0.9 * weight / total + 0.05 for name, weight in weights.items()})
    assert found["b"] > found["a"]


def test_what_it_remembers_is_its_state():
    first = Mixer(rate=3.0)
    first.proportions(seen({"a": 4.0, "b": 2.0}))
    second = Mixer(rate=3.0)
    second.state = first.state
    later = seen({"a": 2.0, "b": 1.9})
    assert second.proportions(later) == first.proportions(later)
    assert Mixer(rate=3.0).proportions(later) != first.proportions(later)


@given(
    losses=st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=6),
    rate=st.floats(0, 20),
    smoothing=st.floats(0, 1),
)
def test_proportions_stay_proportions(losses, rate, smoothing):
    mixer, names = Mixer(rate, smoothing), [str(i) for i in range(len(losses))]
    proportions = dict.fromkeys(names, 1 / len(names))
    for which in (0, 1, 1):
        proportions = mixer.proportions(seen({name: pair[which] for name, pair in zip(names, losses)}, proportions))
        assert sum(proportions.values()) == pytest.approx(1, abs=1e-9)
        assert all(part >= smoothing / len(names) * (1 - 1e-9) for part in proportions.values())


def test_controllers_are_found_by_listing_their_folder():
    assert controllers() == ["exponentiated-gradient"]
    made = make_controller("exponentiated-gradient", {"rate": 2.0})
    assert isinstance(made, Controller)
    assert isinstance(made, Mixer)
    with pytest.raises(TypeError, match="unexpected keyword argument 'rat'"):
        make_controller("exponentiated-gradient", {"rat": 2.0})
