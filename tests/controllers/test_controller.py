"""What all controllers share: how they are found, that proportions stay proportions, that all they know is state."""

import inspect
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phasemix.controllers._multiplicative import multiplied
from phasemix.controllers.controller import Controller, controller_class, controllers, make_controller
from phasemix.controllers.exponentiated_gradient import ExponentiatedGradient
from tests.controllers.seen import seen

NAMES = ("a", "b", "c")
GRAPH = {name: {other: 1.0 if name == other else 0.2 for other in NAMES} for name in NAMES}
TIMES = 30
numbers = st.lists(st.floats(0.1, 10), min_size=3, max_size=3)


def make(name, **options):
    return make_controller(name, options, GRAPH)


def asked(controller, times, losses, *, first=0, proportions=None):
    """The proportions that it gives, asked from ``first`` to ``times`` about a model whose losses fall."""
    found = []
    proportions = proportions or dict.fromkeys(NAMES, 1 / 3)
    for time in range(first, times):
        now = {name: 1 + much / (1 + time) for name, much in zip(NAMES, losses, strict=True)}
        products = {one: {other: now[one] * now[other] for other in NAMES} for one in NAMES}
        excess = {name: loss - 1 for name, loss in now.items()}
        proportions = controller.proportions(
            seen(proportions, now, tokens=1000 * time, excess=excess, products=products)
        )
        found.append(proportions)
    return found


def test_controllers_are_found_by_listing_their_folder():
    assert controllers() == ["ado", "aioli", "doge", "doremi", "exponentiated-gradient", "skill-it"]
    made = make_controller("exponentiated-gradient", {"rate": 2.0})
    assert isinstance(made, Controller)
    assert isinstance(made, ExponentiatedGradient)
    with pytest.raises(TypeError, match="unexpected keyword argument 'rat'"):
        make_controller("exponentiated-gradient", {"rat": 2.0})


def test_the_multiplicative_update_by_hand():
    """.2·e², .3·e and .5 over their sum, nine tenths of it and a tenth shared by three."""
    found = multiplied(dict(zip(NAMES, (0.2, 0.3, 0.5), strict=True)), {"a": 2.0, "b": 1.0, "c": 0.0}, 0.1)
    total = 0.2 * math.e**2 + 0.3 * math.e + 0.5
    expected = [0.9 * part / total + 0.1 / 3 for part in (0.2 * math.e**2, 0.3 * math.e, 0.5)]
    assert list(found.values()) == pytest.approx(expected, abs=1e-12)


def test_a_large_exponent_of_a_source_that_is_left_out_is_no_trouble():
    assert multiplied({"a": 1.0, "b": 0.0}, {"a": -1000.0, "b": 1000.0}) == {"a": 1.0, "b": 0.0}


@pytest.mark.parametrize("name", controllers())
@given(losses=numbers)
@settings(max_examples=5, deadline=None)
def test_proportions_stay_proportions(name, losses):
    for proportions in asked(make(name), TIMES, losses):
        assert list(proportions) == list(NAMES)
        assert sum(proportions.values()) == pytest.approx(1, abs=1e-9)
        assert all(0 <= part <= 1 for part in proportions.values())


@pytest.mark.parametrize("name", controllers())
@pytest.mark.parametrize("stop", [0, 1, 2, 5, 12, 20])
def test_all_that_a_controller_knows_is_its_state(name, stop):
    """One that is made anew from the state, as JSON has it, goes on as the first one does."""
    losses = (3.0, 1.0, 2.0)
    whole, first, second = make(name), make(name), make(name)
    expected = asked(whole, TIMES, losses)
    begun = asked(first, stop, losses)
    second.state = json.loads(json.dumps(first.state))
    rest = asked(second, TIMES, losses, first=stop, proportions=begun[-1] if begun else None)
    assert begun + rest == expected


@pytest.mark.parametrize("name", controllers())
def test_options_have_defaults(name):
    parameters = inspect.signature(controller_class(name)).parameters.values()
    assert all(one.default is not inspect.Parameter.empty for one in parameters if one.name != "graph")


@pytest.mark.parametrize(
    ("name", "options", "problem"),
    [
        ("doge", {"mu": 0.0}, "mu must be more than 0"),
        ("skill-it", {"window": 1.5}, "window must be a whole number"),
        ("aioli", {"much": 0.0}, "much must be more than 0"),
        ("aioli", {"used": 0.0}, "used must be a whole number"),
    ],
)
def test_impossible_options_are_refused(name, options, problem):
    with pytest.raises(ValueError, match=problem):
        make(name, **options)
