"""The optimal learner: theorems 4.2 and 4.3 by hand, and its optimum against what finds it otherwise."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.tasks.synbio.groups import Groups
from phasemix.theory.bounded_learner import BoundedLearner
from phasemix.theory.facts import Facts, grouped_facts
from phasemix.theory.power_law import PowerLaw
from tests.theory.instances import alone, capacities, grid_optimum, loss_of, mixed, simplex_optimum

BROAD = PowerLaw(scale=8, exponent=1, floor=2)
LEARNER = BoundedLearner([Facts(bits=6, frequency=0.5)], BROAD, ratio=0.5)  # −F₂′ = p at M₀ = 4


def test_theorem_4_2_by_hand() -> None:
    learner = BoundedLearner([Facts(bits=100, frequency=0.02)])
    capacity = np.array([0, 25, 50, 100, 150])
    np.testing.assert_allclose(learner.loss(capacity), [2, 1.5, 1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(learner.known(capacity)[:, 0], [0, 0.25, 0.5, 1, 1])
    found = learner.allocation(capacity)
    np.testing.assert_allclose(found.facts[:, 0], [0, 25, 50, 100, 100])
    np.testing.assert_allclose(found.broad, [0, 0, 0, 0, 50])  # nothing needs them


def test_theorem_4_3_by_hand() -> None:
    capacity = np.array([2, 4, 7, 10, 14])
    np.testing.assert_allclose(LEARNER.known(capacity)[:, 0], [0, 0, 0.5, 1, 1])
    np.testing.assert_allclose(LEARNER.allocation(capacity).broad, [2, 4, 4, 4, 8])
    np.testing.assert_allclose(LEARNER.loss(capacity), [4.5, 3.5, 2.75, 2, 1.5])


def test_facts_of_two_frequencies_by_hand() -> None:
    # M₀ is 4 and 8: the broad domain has 4 bits, the frequent facts 6, the broad domain 4, the rare facts 10, and on.
    facts = [Facts(bits=10, frequency=0.125), Facts(bits=6, frequency=0.5)]
    capacity = np.array([4, 7, 10, 12, 14, 19, 24, 30])
    for kinds in permutations(range(2)):
        learner = BoundedLearner([facts[kind] for kind in kinds], BROAD, ratio=0.5)
        found = learner.allocation(capacity)
        np.testing.assert_allclose(found.facts[:, kinds.index(1)], [0, 3, 6, 6, 6, 6, 6, 6])
        np.testing.assert_allclose(found.facts[:, kinds.index(0)], [0, 0, 0, 0, 0, 5, 10, 10])
        np.testing.assert_allclose(found.broad, [4, 4, 4, 6, 8, 8, 8, 14])


@given(mixed | alone, capacities)
def test_the_optimum_is_the_one_on_the_simplex(learner: BoundedLearner, capacity: float) -> None:
    known, least = simplex_optimum(learner, capacity)
    nothing = loss_of(learner, 0 * known, capacity)
    assert float(learner.loss(capacity)) == pytest.approx(least, rel=1e-6, abs=1e-6 * nothing)


@given(mixed | alone, capacities)
def test_the_loss_is_that_of_the_allocation_and_all_bits_are_spent(learner: BoundedLearner, capacity: float) -> None:
    found = learner.allocation(capacity)
    bits = np.array([kind.bits for kind in learner.facts])
    assert (found.facts >= 0).all()
    assert (found.facts <= bits).all()
    assert found.facts.sum() + found.broad == pytest.approx(capacity)
    nothing = loss_of(learner, 0 * bits, capacity)
    loss = loss_of(learner, found.facts, float(found.broad))
    assert float(learner.loss(capacity)) == pytest.approx(loss, abs=1e-12 * nothing)


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 12)), min_size=1, max_size=3, unique_by=lambda kind: kind[1]),
    st.integers(1, 30),
    st.sampled_from([0.25, 0.5, 0.8]),
)
def test_the_allocation_is_the_best_of_all_on_a_grid(kinds: list[tuple[int, int]], capacity: int, ratio: float) -> None:
    # Facts that have their turn after 1 to 12 bits of the broad domain: the optimum is one of whole bits.
    broad = PowerLaw(scale=8, exponent=1)
    facts = [Facts(bits, float((1 - ratio) / ratio * broad.gain(first))) for bits, first in kinds]
    learner = BoundedLearner(facts, broad, ratio)
    best, least = grid_optimum(learner, capacity)
    np.testing.assert_allclose(learner.allocation(capacity).facts, best, atol=1e-9)
    assert float(learner.loss(capacity)) == pytest.approx(least)


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from([0.1, 0.2, 0.4, 0.8])),
        min_size=1,
        max_size=3,
        unique_by=lambda kind: kind[1],
    ),
    st.integers(0, 20),
)
def test_the_allocation_of_facts_alone_is_the_best_of_all(kinds: list[tuple[int, float]], capacity: int) -> None:
    learner = BoundedLearner([Facts(*kind) for kind in kinds])
    best, least = grid_optimum(learner, capacity)
    np.testing.assert_allclose(learner.allocation(capacity).facts, best, atol=1e-9)
    assert float(learner.loss(capacity)) == pytest.approx(least, abs=1e-12)


@given(mixed | alone, capacities, capacities, st.floats(0, 1))
def test_the_loss_is_convex_and_does_not_grow(learner: BoundedLearner, one: float, other: float, weight: float) -> None:
    low, high = sorted([one, other])
    between = weight * low + (1 - weight) * high
    f_low, f_between, f_high = learner.loss([low, between, high])
    slack = 1e-12 * loss_of(learner, [0] * len(learner.facts), low)
    assert f_low + slack >= f_between >= f_high - slack
    assert f_between <= weight * f_low + (1 - weight) * f_high + slack


@given(mixed)
def test_nothing_is_known_below_a_threshold_and_everything_above_another(learner: BoundedLearner) -> None:
    (fact, broad, r) = learner.facts[0], learner.broad, learner.ratio
    assert broad is not None
    one = replace(learner, facts=[fact])
    first = broad.capacity(r * fact.frequency / (1 - r))  # M₀
    assert one.known(first * np.array([0, 0.5, 1 - 1e-9]))[:, 0].tolist() == [0, 0, 0]
    inside = one.known(first + fact.bits * np.array([0.01, 0.5, 0.99]))[:, 0]
    assert (inside > 0).all()
    assert (inside < 1).all()
    assert one.known((first + fact.bits) * np.array([1 + 1e-9, 2]))[:, 0].tolist() == [1, 1]
    assert one.loss(first + fact.bits) == pytest.approx((1 - r) * broad.loss(first))


@pytest.mark.parametrize(
    ("second", "lower", "upper"),
    [
        (0.5, 20, 20),  # a bit gains more than r · p / (1 − r) = 0.25
        (0.25, 0, 20),  # just as much: M₀⁻ = 0 and M₀⁺ = 20
        (0.125, 0, 0),  # less
    ],
)
def test_theorem_4_3_where_the_second_domain_is_facts_itself(second: float, lower: float, upper: float) -> None:
    r, facts = 0.25, Facts(bits=10, frequency=0.75)
    both = BoundedLearner([Facts(10, r * facts.frequency), Facts(20, (1 - r) * second)])  # weighted
    below, above = both.known([lower, upper + facts.bits])[:, 0]
    assert (below, above) == (0, 1)
    between = both.known((lower + upper + facts.bits) / 2)[0]
    assert between == 0.5


def test_equally_frequent_facts_are_learned_together() -> None:
    together = BoundedLearner([Facts(8, 0.25), Facts(4, 0.5), Facts(24, 0.25)], BROAD, ratio=0.5)
    merged = BoundedLearner([Facts(4, 0.5), Facts(32, 0.25)], BROAD, ratio=0.5)
    capacity = np.linspace(1, 60, 40)
    known = together.known(capacity)
    np.testing.assert_array_equal(known[:, 0], known[:, 2])
    np.testing.assert_allclose(known[:, :2], merged.known(capacity)[:, ::-1])
    np.testing.assert_allclose(together.loss(capacity), merged.loss(capacity))


def test_groups_are_learned_from_the_most_frequent_on() -> None:
    facts = grouped_facts(Groups(count=20, exponent=1.5).proportions, count=10, entropy=40, tokens=60)
    learner = BoundedLearner(facts, PowerLaw(scale=30, exponent=0.4), ratio=0.3)
    known = learner.known(np.geomspace(10, 1e6, 50))
    assert (np.diff(known, axis=0) >= 0).all()
    assert (np.diff(known, axis=1) <= 0).all()
    assert (((known > 0) & (known < 1)).sum(axis=1) <= 1).all()  # one group at a time
    assert known[0].sum() == 0
    assert known[-1].sum() == 20


@given(mixed, capacities)
def test_more_is_known_the_higher_the_ratio(learner: BoundedLearner, capacity: float) -> None:
    known = [replace(learner, ratio=ratio).known(capacity) for ratio in np.linspace(0, 0.99, 8)]
    assert (np.diff(known, axis=0) >= 0).all()


def test_at_a_ratio_of_0_everything_is_the_broad_domain_s() -> None:
    learner = replace(LEARNER, ratio=0.0)
    assert learner.known(1e9) == 0
    assert learner.loss(4) == BROAD.loss(4)
    assert learner.allocation(4).broad == 4


def test_without_capacity_nothing_is_known() -> None:
    for learner in (LEARNER, BoundedLearner(LEARNER.facts)):
        assert learner.known(0) == 0
        assert learner.allocation(0).broad == 0
    assert LEARNER.loss(0) == np.inf
    assert BoundedLearner(LEARNER.facts).loss(0) == 3


def test_few_bits_beside_many_facts_keep_their_digits() -> None:
    facts = Facts(bits=1e12, frequency=0.5)
    learner = BoundedLearner([facts], PowerLaw(scale=1e-12, exponent=1), ratio=0.5)
    assert learner.allocation(9e11).broad == pytest.approx(np.sqrt(2e-12))


def test_any_shape() -> None:
    learner = BoundedLearner([Facts(8, 0.25), Facts(4, 0.5)], BROAD, ratio=0.5)
    capacity = np.ones((2, 3))
    assert learner.known(capacity).shape == learner.allocation(capacity).facts.shape == (2, 3, 2)
    assert learner.loss(capacity).shape == learner.allocation(capacity).broad.shape == (2, 3)
    assert np.shape(learner.loss(1)) == ()


def test_what_is_no_learner() -> None:
    facts = LEARNER.facts
    with pytest.raises(ValueError, match="no facts to learn: give at least one kind"):
        BoundedLearner([], BROAD, 0.5)
    with pytest.raises(ValueError, match=r"ratio is 0\.5: without a broad domain it must be 1"):
        BoundedLearner(facts, ratio=0.5)
    for ratio in (-0.1, 1.0, np.nan):
        with pytest.raises(
            ValueError, match=f"ratio is {ratio:g}: it must be at least 0 and below 1 beside a broad domain"
        ):
            BoundedLearner(facts, BROAD, ratio)
    for capacity in (-1, np.nan, np.inf):
        with pytest.raises(ValueError, match=f"capacity is {capacity:g}: it must be at least 0 and finite"):
            LEARNER.loss(capacity)
