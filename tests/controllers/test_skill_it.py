"""Skill-It's update, worked out by hand (algorithm 1)."""

import math

import pytest

from phasemix.controllers.skill_it import SkillIt
from tests.controllers.seen import seen

GRAPH = {"a": {"a": 1.0, "b": 0.5}, "b": {"a": 0.0, "b": 1.0}}
HALF = {"a": 0.5, "b": 0.5}


def shares(a, b):
    return {"a": math.exp(a) / (math.exp(a) + math.exp(b)), "b": math.exp(b) / (math.exp(a) + math.exp(b))}


def test_it_begins_with_the_graph_and_then_weighs_it_by_losses():
    controller = SkillIt(GRAPH, rate=0.2, window=2)
    assert controller.proportions(seen(HALF)) == pytest.approx(shares(0.2 * 1.5, 0.2 * 1.0), abs=1e-12)
    found = controller.proportions(seen(HALF, {"a": 3.0, "b": 2.0}))
    assert found == pytest.approx(shares(0.2 * (3 + 1), 0.2 * 2), abs=1e-12)
    found = controller.proportions(seen(HALF, {"a": 2.0, "b": 1.0}))
    assert found == pytest.approx(shares(0.2 * (5 + 1.5), 0.2 * 3), abs=1e-12)
    found = controller.proportions(seen(HALF, {"a": 1.0, "b": 1.0}))  # the first losses are forgotten
    assert found == pytest.approx(shares(0.2 * (3 + 1), 0.2 * 2), abs=1e-12)
