"""Subsampling: by hand, the formula, and the best fraction against a search."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.facts import Facts
from phasemix.theory.power_law import PowerLaw
from phasemix.theory.subsampling import best_fraction, share_known
from phasemix.theory.thresholds import critical_capacity, threshold_frequency
from tests.theory.instances import broads, capacities, kinds, ratios

BROAD = PowerLaw(scale=16, exponent=1)
FACTS = Facts(bits=4, frequency=1)  # at even odds M₀ = 4, and everything is known from 8 bits on


def searched_fraction(facts: Facts, broad: PowerLaw, ratio: float, capacity: float) -> float:
    """The maximum of the share known, by a grid and a search; 0 if no fraction of 1e-12 or more is known of."""

    def known(logarithm: float) -> float:
        return share_known(facts, broad, ratio, capacity, math.exp(logarithm))

    grid = np.linspace(math.log(1e-12), 0, 121)
    shares = [known(logarithm) for logarithm in grid]
    best = int(np.argmax(shares))
    if shares[best] == 0:
        return 0.0
    ends = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(lambda logarithm: -known(logarithm), bounds=ends, options={"xatol": 1e-12})
    return math.exp(found.x)


def test_with_four_bits_the_golden_section_is_best() -> None:
    # Nothing is known of all facts; ρ · 4 + 4 · √ρ = 4 bits suffice for a fraction ρ.
    assert share_known(FACTS, BROAD, 0.5, capacity=4, fraction=1) == 0
    golden = (3 - math.sqrt(5)) / 2
    assert best_fraction(FACTS, BROAD, 0.5, 4) == pytest.approx(golden)
    assert searched_fraction(FACTS, BROAD, 0.5, 4) == pytest.approx(golden)
    assert share_known(FACTS, BROAD, 0.5, 4, golden) == pytest.approx(golden)
    assert share_known(FACTS, BROAD, 0.5, 4, 0.25) == 0.25
    assert share_known(FACTS, BROAD, 0.5, 4, 0.64) == pytest.approx(0.2)  # (4 − 4 · 0.8) / 4


@given(kinds, broads, ratios, capacities, st.floats(0.01, 1))
def test_the_share_known_of_all_facts_is_the_formula(
    facts: Facts, broad: PowerLaw, ratio: float, capacity: float, fraction: float
) -> None:
    first = float(critical_capacity(broad, ratio, facts.frequency)) * fraction ** (1 / (broad.exponent + 1))
    formula = min(fraction, max(0, (capacity - first) / facts.bits))
    assert share_known(facts, broad, ratio, capacity, fraction) == pytest.approx(formula, rel=1e-6, abs=1e-9)


@given(kinds, broads, ratios, capacities)
def test_the_best_fraction_is_the_one_that_a_search_finds(
    facts: Facts, broad: PowerLaw, ratio: float, capacity: float
) -> None:
    best = best_fraction(facts, broad, ratio, capacity)
    assert searched_fraction(facts, broad, ratio, capacity) == pytest.approx(best, rel=1e-6)
    assert share_known(facts, broad, ratio, capacity, best) == pytest.approx(best)
    for fraction in np.geomspace(1e-3, 1, 20):
        assert share_known(facts, broad, ratio, capacity, float(fraction)) <= best * (1 + 1e-9)


@given(kinds, broads, ratios, capacities)
def test_the_best_fraction_is_the_largest_that_is_known_whole(
    facts: Facts, broad: PowerLaw, ratio: float, capacity: float
) -> None:
    best = best_fraction(facts, broad, ratio, capacity)
    few = float(threshold_frequency(broad, ratio, capacity))
    assert best <= min(1, capacity / facts.bits, facts.frequency / few) * (1 + 1e-9)
    if best < 1:
        more = BoundedLearner([facts.subsampled(min(1.01 * best, 1))], broad, ratio)
        assert more.known(capacity) < 1
        left = float(threshold_frequency(broad, ratio, capacity, best * facts.bits))
        assert facts.frequency / best == pytest.approx(left, rel=1e-6)


def test_both_limits() -> None:
    broad = PowerLaw(scale=10, exponent=0.4)
    few = Facts(bits=1e-6, frequency=1e-4)  # they reach the threshold frequency
    assert best_fraction(few, broad, 0.1, 100) == pytest.approx(1e-4 / threshold_frequency(broad, 0.1, 100))
    frequent = Facts(bits=1e6, frequency=1e9)  # the broad domain takes nothing
    assert best_fraction(frequent, broad, 0.1, 1000) == pytest.approx(1e-3, rel=1e-4)


def test_the_edges() -> None:
    assert best_fraction(FACTS, BROAD, 0.5, 8) == 1
    assert searched_fraction(FACTS, BROAD, 0.5, 8) == pytest.approx(1)
    for search in (best_fraction, searched_fraction):
        assert search(FACTS, BROAD, 0.5, 0) == 0
        assert search(FACTS, BROAD, 0, 8) == 0
    assert share_known(FACTS, BROAD, 0, 8, 0.5) == 0


def test_what_is_out_of_range() -> None:
    with pytest.raises(ValueError, match=r"fraction kept is 1\.1: it must be above 0 and at most 1"):
        share_known(FACTS, BROAD, 0.5, 4, 1.1)
    with pytest.raises(ValueError, match="ratio is 1: it must be at least 0"):
        best_fraction(FACTS, BROAD, 1, 4)
    with pytest.raises(ValueError, match="capacity is -4: it must be at least 0"):
        best_fraction(FACTS, BROAD, 0.5, -4)
