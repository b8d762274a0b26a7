"""The mixture's part of BiMix."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.laws import load_law
from tests.laws.truth import truth, value_at

TRUTH = [[2.5, 0.1], [3.0, 0.2], [1.5, 0.05]]
REPEATS = 4


def test_by_hand():
    assert value_at("bimix-power", [3.0, 0.5]) == pytest.approx(6)


def test_own_proportions_of_zero_are_stated():
    known = truth("bimix-power")
    mixture = known.runs.mixture.copy()
    mixture[:5, 0] = 0
    fit = load_law("bimix-power").fit(replace(known.runs, mixture=mixture / mixture.sum(axis=1, keepdims=True)))
    assert any(note.startswith("a: 5 of 60 own proportions are 0 and count as") for note in fit.notes)
    assert np.isfinite(fit.predict(fit.runs)).all()
