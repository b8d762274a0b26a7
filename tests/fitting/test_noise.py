"""The noise of runs, from those that repeat a mixture."""

import numpy as np
import pytest

from phasemix.fitting.noise import noise_of
from tests.laws.truth import noisy, truth


@pytest.mark.parametrize("between", [0.0, 0.9])
def test_noise_is_found_where_runs_repeat_a_mixture(between):
    known = truth("bimix", mixtures=40, repeats=3).runs
    found = noise_of(noisy(known, 0.02, np.random.default_rng(0), between))
    assert found.freedom == 80
    assert found.relative == pytest.approx(0.02, rel=0.2)
    assert found.multiples(0.02 * np.full(3, np.sqrt(2 / np.pi))) == pytest.approx(1, rel=0.2)


def test_without_repeats_nothing_is_known():
    found = noise_of(truth("bimix", mixtures=10).runs)
    assert found.freedom == 0
    assert np.isnan(found.relative).all()
