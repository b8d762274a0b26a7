"""Kinds of facts: their bits, their frequencies and their order."""

import numpy as np
import pytest

from phasemix.tasks.synbio.groups import Groups
from phasemix.theory.facts import Facts, bits_spent, equal_facts, grouped_facts, queue

THREE = (Facts(10, 0.2), Facts(20, 0.4), Facts(30, 0.2))  # the first and the last are equally frequent


def test_equal_facts_are_the_rarer_the_more_they_are() -> None:
    assert equal_facts(count=100, entropy=48, tokens=50) == Facts(bits=4800, frequency=1 / 5000)
    assert equal_facts(200, 48, 50).frequency == equal_facts(100, 48, 50).frequency / 2


def test_groups_have_the_frequencies_of_synbio_power_law() -> None:
    groups = Groups(count=25, exponent=1.5)
    facts = grouped_facts(groups.proportions, count=10, entropy=48, tokens=60)
    assert len(facts) == 25
    assert {kind.bits for kind in facts} == {480}
    frequency = np.array([kind.frequency for kind in facts])
    np.testing.assert_allclose(frequency, frequency[0] * np.arange(1, 26) ** -1.5)
    assert 10 * frequency.sum() == pytest.approx(1 / 60)  # some fact is shown every 60 tokens


def test_the_more_frequent_are_before_and_the_equally_frequent_together() -> None:
    before, together = queue(THREE)
    np.testing.assert_array_equal(before, [20, 0, 20])
    np.testing.assert_array_equal(together, [40, 20, 40])
    np.testing.assert_array_equal(bits_spent(THREE, 0.5), [40, 10, 40])
    np.testing.assert_array_equal(bits_spent([Facts(30, 0.2)], 0.5), [15])


def test_what_is_kept_is_shown_more_often() -> None:
    assert Facts(30, 0.2).subsampled(0.25) == Facts(7.5, 0.8)
    assert Facts(30, 0.2).subsampled(1) == Facts(30, 0.2)


@pytest.mark.parametrize("fraction", [0, -0.5, 1.5, np.nan])
def test_what_is_no_fraction(fraction: float) -> None:
    with pytest.raises(ValueError, match=f"fraction kept is {fraction:g}: it must be above 0 and at most 1"):
        THREE[0].subsampled(fraction)


def test_what_are_no_facts() -> None:
    with pytest.raises(ValueError, match="entropy of the facts is 0: it must be positive"):
        Facts(0, 0.1)
    with pytest.raises(ValueError, match="frequency of the facts is inf: it must be positive and finite"):
        Facts(10, np.inf)
    with pytest.raises(ValueError, match="number of facts is 0"):
        equal_facts(0, 48, 50)
    with pytest.raises(ValueError, match="number of tokens that show a fact is -1"):
        equal_facts(10, 48, -1)
    with pytest.raises(ValueError, match=r"parts of all exposures sum to 0\.9: they must sum to 1"):
        grouped_facts([0.5, 0.4], 10, 48, 50)
    with pytest.raises(ValueError, match="frequency of the facts is 0: it must be positive"):
        grouped_facts([1, 0], 10, 48, 50)
    with pytest.raises(ValueError, match=r"share known is 1\.2: it must be between 0 and 1"):
        bits_spent(THREE, 1.2)
