"""The learner of real sizes: half is known where it says, and one critical ratio gives back its constant."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.facts import equal_facts
from phasemix.theory.sized_learner import SizedLearner

LEARNER = SizedLearner(2.3, 130.0, 0.43, entropy=25.0, tokens=62.0, bits=0.3)
sizes = st.floats(4.5, 7).map(lambda power: 10**power)


@given(sizes, st.integers(20, 400))
def test_half_of_all_bits_are_known_at_the_critical_ratio_and_at_the_critical_size(parameters, people):
    ratio = float(LEARNER.critical_ratio(parameters, people))
    if not 0 < ratio < 0.999:
        return
    assert float(LEARNER.known(parameters, people, ratio)) == pytest.approx(0.5, abs=1e-6)
    assert float(LEARNER.critical_size(ratio, people)) == pytest.approx(parameters)


@given(sizes, st.integers(20, 400), st.floats(0.05, 3))
def test_a_critical_ratio_gives_back_the_bits_per_parameter(parameters, people, bits):
    learner = SizedLearner(2.3, 130.0, 0.43, entropy=25.0, tokens=62.0, bits=bits)
    ratio = float(learner.critical_ratio(parameters, people))
    if 1e-6 < ratio < 1 - 1e-6:
        uncalibrated = SizedLearner(2.3, 130.0, 0.43, entropy=25.0, tokens=62.0)
        assert uncalibrated.calibrated(parameters, people, ratio).bits == pytest.approx(bits, rel=1e-6)


def test_nats_of_parameters_become_bits_of_capacity():
    sizes = np.array([1e4, 1e6])
    nats = 2.3 + 130.0 * sizes**-0.43
    np.testing.assert_allclose(LEARNER.broad.loss(0.3 * sizes), nats / math.log(2))
    facts = equal_facts(100, 25.0, 62.0)
    known = BoundedLearner([facts], LEARNER.broad, 0.2).known(0.3 * sizes)[:, 0]
    np.testing.assert_allclose(LEARNER.known(sizes, 100, 0.2), known)


def test_few_facts_follow_the_power_laws_of_the_paper():
    few = SizedLearner(2.3, 130.0, 0.43, entropy=1e-6, tokens=62.0, bits=0.3)
    odds = [ratio / (1 - ratio) for ratio in few.critical_ratio([1e5, 1e5, 2e5], [100, 300, 100])]
    assert odds[1] / odds[0] == pytest.approx(3)
    assert odds[2] / odds[0] == pytest.approx(2**-1.43)


@pytest.mark.parametrize("ratio", [0, 1, math.inf, math.nan])
def test_only_a_ratio_between_0_and_1_calibrates(ratio):
    with pytest.raises(ValueError, match="must be above 0 and below 1 to calibrate by"):
        LEARNER.calibrated(1e5, 100, ratio)


def test_people_whose_half_does_not_fit_have_no_critical_ratio():
    assert LEARNER.critical_ratio(1e4, 1000) == math.inf
