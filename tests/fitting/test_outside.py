"""How far outside the fitted runs a prediction lies."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.fitting.outside import outside
from phasemix.fitting.runs import Runs

POINTS = np.array([[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]])


def runs(mixture, step=None, size=None):
    mixture = np.asarray(mixture, float)
    names = np.array([f"r{i}" for i in range(len(mixture))], object)
    axes = {name: None if axis is None else np.asarray(axis, float) for name, axis in (("step", step), ("size", size))}
    return Runs(names, ("a", "b", "c"), mixture, ("a",), np.ones((len(mixture), 1)), **axes)


def test_distances_worked_out_by_hand():
    """A corner must move .4 of its weight; the middle, none."""
    found = outside(runs(POINTS), runs([[1, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0.6, 0.2, 0.2], [0.4, 0.5, 0.1]]))
    assert found.mixture == pytest.approx([0.4, 0, 0, 0.1], abs=1e-4)
    assert found.flags == ["mixture", "", "", "mixture"]


def test_steps_and_sizes_beyond_the_fitted_ones():
    fitted = runs(POINTS, step=[100, 200, 400], size=[1, 2, 4])
    asked = runs(POINTS[[0, 1, 2]], step=[50, 300, 800], size=[8, 3, 4])
    found = outside(fitted, asked)
    assert found.step == pytest.approx([2, 1, 2])
    assert found.size == pytest.approx([2, 1, 1])
    assert found.flags == ["step, size", "", "step"]
    assert outside(fitted, replace(asked, size=None)).size is None


def test_steps_are_those_of_runs_as_large():
    """Small models trained long and large ones short: nobody has trained a large one long, or a small one short."""
    mixture = POINTS[[0, 0, 0, 0]]
    fitted = runs(mixture, size=[1, 1, 100, 100], step=[400, 800, 10, 20])
    found = outside(fitted, runs(mixture, size=[100, 1, 10, 1], step=[800, 10, 20, 600]))
    assert found.step == pytest.approx([40, 40, 20, 1])
    assert found.size == pytest.approx([1, 1, 1, 1])


def test_a_small_domain_may_be_far_outside_within_a_small_part_of_the_weight():
    fitted = runs([[0.5, 0.49, 0.01], [0.49, 0.506, 0.004], [0.6, 0.39, 0.01]])
    found = outside(fitted, runs([[0.5, 0.46, 0.04], [0.5, 0.5, 0], [0.5, 0.492, 0.008]]))
    assert found.proportion == pytest.approx([4, np.inf, 1])
    assert found.flags == ["mixture", "mixture", ""]
    assert (found.mixture < 0.04).all()


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_every_blend_lies_inside(weights):
    blend = np.array(weights) / np.sum(weights) @ POINTS
    assert outside(runs(POINTS), runs([blend])).mixture[0] == pytest.approx(0, abs=1e-4)
