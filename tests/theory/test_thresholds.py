"""Critical points: closed forms by hand, against searches with the learner, and their slopes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from phasemix.tasks.synbio.groups import Groups
from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.facts import Facts, bits_spent, equal_facts, grouped_facts
from phasemix.theory.power_law import PowerLaw
from phasemix.theory.thresholds import critical_capacity, critical_ratio, threshold_frequency
from phasemix.theory.thresholds_numerical import (
    find_critical_capacity,
    find_critical_ratio,
    find_threshold_frequency,
    first_frequency_below,
)
from tests.theory.instances import alone, broads, capacities, kinds, levels, mixed, ratios, simplex_optimum

BROAD = PowerLaw(scale=8, exponent=1, floor=2)
FACTS = Facts(bits=6, frequency=0.5)
LEARNER = BoundedLearner([FACTS], BROAD, ratio=0.5)


def slope(x: np.ndarray, y: np.ndarray | list[float]) -> float:
    """Of a line through the logarithms."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def test_one_equation_worked_out_by_hand() -> None:
    # −F₂′(4) = 8 / 4² = 0.5, so 4 bits for the broad domain balance a frequency of 0.5 at even odds.
    assert critical_capacity(BROAD, ratio=0.5, frequency=0.5) == 4
    assert critical_ratio(BROAD, frequency=0.5, capacity=4) == 0.5
    assert threshold_frequency(BROAD, ratio=0.5, capacity=4) == 0.5
    # With half of the facts known these 4 bits are what is left of 7.
    assert critical_capacity(BROAD, 0.5, 0.5, spent=3) == 7
    assert critical_ratio(BROAD, 0.5, 7, spent=3) == 0.5
    assert threshold_frequency(BROAD, 0.5, 7, spent=3) == 0.5
    # Odds of 1 : 4 need a gain of 0.125: 8 bits.
    assert critical_capacity(BROAD, 0.2, 0.5) == pytest.approx(8)
    assert critical_ratio(BROAD, 0.5, 8) == pytest.approx(0.2)
    assert threshold_frequency(BROAD, 0.2, 8) == pytest.approx(0.5)


@given(mixed, levels)
def test_critical_capacities_are_where_the_learner_crosses(learner: BoundedLearner, share: float) -> None:
    assert learner.broad is not None
    frequency = [kind.frequency for kind in learner.facts]
    closed = critical_capacity(learner.broad, learner.ratio, frequency, bits_spent(learner.facts, share))
    found = [find_critical_capacity(learner, kind, share) for kind in range(len(frequency))]
    np.testing.assert_allclose(found, closed, rtol=1e-6)


@given(alone, levels)
def test_critical_capacities_of_facts_alone_are_their_bits(learner: BoundedLearner, share: float) -> None:
    found = [find_critical_capacity(learner, kind, share) for kind in range(len(learner.facts))]
    np.testing.assert_allclose(found, bits_spent(learner.facts, share), rtol=1e-6)


@given(mixed, capacities, levels)
def test_critical_ratios_are_where_the_learner_crosses(learner: BoundedLearner, capacity: float, share: float) -> None:
    assert learner.broad is not None
    spent = bits_spent(learner.facts, share)
    assume((abs(spent / capacity - 1) > 1e-2).all())  # or the ratio cannot be told from 1
    frequency = [kind.frequency for kind in learner.facts]
    closed = critical_ratio(learner.broad, frequency, capacity, spent)
    found = [find_critical_ratio(learner, kind, capacity, share) for kind in range(len(frequency))]
    np.testing.assert_allclose(found, closed, rtol=1e-6)
    assert ((closed < 1) | (spent > capacity)).all()


@given(kinds, broads, ratios, capacities, levels)
def test_threshold_frequencies_are_where_the_learner_crosses(
    facts: Facts, broad: PowerLaw, ratio: float, capacity: float, share: float
) -> None:
    spent = share * facts.bits
    assume(abs(spent / capacity - 1) > 1e-2)
    closed = threshold_frequency(broad, ratio, capacity, spent)
    found = find_threshold_frequency(BoundedLearner([facts], broad, ratio), 0, capacity, share)
    assert found == pytest.approx(closed, rel=1e-6)


@given(kinds, broads, capacities)
def test_at_the_critical_ratio_the_optimum_on_the_simplex_knows_half(
    facts: Facts, broad: PowerLaw, capacity: float
) -> None:
    assume(capacity > 0.6 * facts.bits)
    ratio = float(critical_ratio(broad, facts.frequency, capacity, 0.5 * facts.bits))
    assume(1e-3 < ratio < 0.999)
    above, below = ((1 + change) * ratio / (1 + change * ratio) for change in (0.3, -0.3))  # of the odds
    assert simplex_optimum(BoundedLearner([facts], broad, above), capacity)[0] > 0.5
    assert simplex_optimum(BoundedLearner([facts], broad, below), capacity)[0] < 0.5


@pytest.mark.parametrize("alpha", [0.2, 0.43, 1.0])
def test_the_slopes_of_the_paper_s_laws(alpha: float) -> None:
    broad, few = PowerLaw(scale=6.6, exponent=alpha, floor=2.3), Facts(bits=1e-3, frequency=0.01)
    capacity = np.geomspace(1e3, 1e6, 7)
    learner = BoundedLearner([few], broad, ratio=0.1)
    assert slope(capacity, threshold_frequency(broad, 0.1, capacity)) == pytest.approx(-(alpha + 1))
    found = [find_threshold_frequency(learner, 0, m, 0.5) for m in capacity]
    assert slope(capacity, found) == pytest.approx(-(alpha + 1), rel=1e-4)

    ratio = np.geomspace(1e-6, 1e-3, 7)
    exact = critical_capacity(broad, ratio, 0.01)
    assert slope(ratio / (1 - ratio), exact) == pytest.approx(-1 / (alpha + 1))
    found = [find_critical_capacity(replace(learner, ratio=r), 0, 0.5) for r in ratio]
    assert slope(ratio, found) == pytest.approx(-1 / (alpha + 1), rel=1e-3)

    found = [find_critical_ratio(learner, 0, m, 0.5) for m in np.geomspace(1e6, 1e9, 7)]
    assert slope(np.geomspace(1e6, 1e9, 7), found) == pytest.approx(-(alpha + 1), rel=1e-3)


def test_the_critical_ratio_grows_with_the_number_of_facts() -> None:
    broad, count = PowerLaw(scale=1, exponent=0.5), np.array([10, 30, 100])
    facts = [equal_facts(int(n), entropy=1e-3, tokens=50) for n in count]
    found = [find_critical_ratio(BoundedLearner([kind], broad, 0.1), 0, 1e6, 0.5) for kind in facts]
    assert slope(count, found) == pytest.approx(1, abs=1e-3)


def test_the_threshold_among_groups_lies_where_their_knowledge_ends() -> None:
    broad, capacity = PowerLaw(scale=30, exponent=0.2), np.geomspace(6e4, 3e6, 60)
    facts = grouped_facts(Groups(count=200, exponent=1.5).proportions, count=10, entropy=1000, tokens=60)
    frequency = np.array([kind.frequency for kind in facts])
    learner = BoundedLearner(facts, broad, ratio=0.3)
    exact = threshold_frequency(broad, 0.3, learner.allocation(capacity).broad)
    measured = np.array([first_frequency_below(learner, m, 0.8) for m in capacity])
    assert (measured <= exact * (1 + 1e-9)).all()
    before = np.array([frequency[frequency > m].min(initial=np.inf) for m in measured])
    assert (exact <= before * (1 + 1e-9)).all()
    known = learner.known(capacity)
    for m, of in zip(measured, known, strict=True):
        assert (of[frequency > m] >= 0.8).all()
        assert of[frequency == m] < 0.8
    # The bits that the groups take bend the slope from −(α + 1) = −1.2 towards −1.5, that of groups alone.
    assert -1.4 < slope(capacity, exact) < -1.3
    assert slope(capacity, measured) == pytest.approx(slope(capacity, exact), abs=0.05)


def test_nothing_below_the_level_is_a_threshold_of_0() -> None:
    assert first_frequency_below(LEARNER, 10, 0.8) == 0
    assert first_frequency_below(LEARNER, 7, 0.5) == 0  # just half of them
    assert first_frequency_below(LEARNER, 8, 0.8) == 0.5


def test_what_no_ratio_and_no_frequency_reaches() -> None:
    np.testing.assert_array_equal(critical_ratio(BROAD, 0.5, [2, 3, 0], spent=3), [np.inf, 1, np.inf])
    assert (threshold_frequency(BROAD, 0.5, [2, 3, 0], spent=3) == np.inf).all()
    assert threshold_frequency(BROAD, 0, 4) == critical_capacity(BROAD, 0, 0.5) == np.inf
    assert find_critical_ratio(LEARNER, 0, 2, 0.5) == find_threshold_frequency(LEARNER, 0, 2, 0.5) == np.inf
    assert find_critical_capacity(replace(LEARNER, ratio=0.0), 0, 0.5) == np.inf
    assert find_critical_ratio(LEARNER, 0, 0, 0.5) == np.inf


def test_alone_any_frequency_is_enough() -> None:
    assert find_threshold_frequency(BoundedLearner([FACTS]), 0, 4, 0.5) == 0


def test_where_a_kind_overtakes_another_the_share_known_jumps() -> None:
    two = BoundedLearner([FACTS, Facts(bits=6, frequency=0.01)])
    assert find_threshold_frequency(two, 1, 6, 0.6) == pytest.approx(0.5)


def test_shapes_broadcast() -> None:
    ratio, frequency = np.array([[0.1], [0.2]]), np.array([1e-3, 1e-2, 1e-1])
    assert critical_capacity(BROAD, ratio, frequency).shape == (2, 3)
    assert critical_ratio(BROAD, frequency, [[10], [20]], spent=1).shape == (2, 3)
    assert threshold_frequency(BROAD, ratio, [10, 20, 30]).shape == (2, 3)


def test_what_is_out_of_range() -> None:
    with pytest.raises(ValueError, match="ratio is 1: it must be at least 0 and below 1 beside a broad domain"):
        critical_capacity(BROAD, 1, 0.5)
    with pytest.raises(ValueError, match="frequency is 0: it must be positive"):
        critical_ratio(BROAD, 0, 4)
    with pytest.raises(ValueError, match="bits spent is -1: it must be at least 0"):
        threshold_frequency(BROAD, 0.5, 4, -1)
    with pytest.raises(ValueError, match="capacity is nan: it must be at least 0"):
        threshold_frequency(BROAD, 0.5, np.nan)
    for share in (0, 1, np.nan):
        with pytest.raises(ValueError, match=f"share is {share:g}: it must be above 0 and below 1"):
            find_critical_capacity(LEARNER, 0, share)
        with pytest.raises(ValueError, match=f"share is {share:g}: it must be above 0 and below 1"):
            first_frequency_below(LEARNER, 4, share)
    with pytest.raises(ValueError, match="without a broad domain there is no mixing ratio"):
        find_critical_ratio(BoundedLearner([FACTS]), 0, 4, 0.5)
    with pytest.raises(ValueError, match="capacity is -4: it must be at least 0"):
        find_threshold_frequency(LEARNER, 0, -4, 0.5)
