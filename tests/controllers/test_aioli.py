"""Aioli's rounds, worked out by hand (algorithms 1 and 2)."""

import math

import numpy as np
import pytest

from phasemix.controllers.aioli import Aioli, interactions, trial_mixtures
from tests.controllers.seen import seen

HALF = {"a": 0.5, "b": 0.5}
HELPS = np.array([[0.3, 0.1], [0.05, 0.15]])  # A of loss i by source j, all 0 or more


def test_trial_mixtures():
    assert trial_mixtures(3, 0.6) == pytest.approx(np.array([[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]]))


def test_interactions_are_found_from_falls():
    """Falls on the trial mixtures are A·P'; A sums to .6."""
    falls = HELPS @ trial_mixtures(2, 0.75).T
    assert interactions(falls.tolist(), 0.75) == pytest.approx(HELPS / 0.6, abs=1e-12)


def test_the_least_interaction_is_made_zero_where_it_is_less():
    negative = HELPS - 0.2
    falls = negative @ trial_mixtures(2, 0.75).T
    assert interactions(falls.tolist(), 0.75) == pytest.approx((negative + 0.15) / (negative + 0.15).sum(), abs=1e-12)


@pytest.mark.parametrize("sweeps", [1, 2])
def test_rounds_by_hand(sweeps):
    """Losses fall by A·p whenever it is asked, so that A is found, and p multiplied by e^(η·Σ_i A_ij)."""
    controller, used = Aioli(rate=2.0, much=0.75, sweeps=sweeps, used=2), 2
    losses, proportions, given = np.array([5.0, 4.0]), HALF, []
    for _ in range(2 * (2 * sweeps + used)):
        proportions = controller.proportions(seen(proportions, dict(zip("ab", losses.tolist(), strict=True))))
        given.append(proportions)
        losses = losses - HELPS @ np.array(list(proportions.values()))
    first, second = given[: 2 * sweeps + used], given[2 * sweeps + used :]
    much_a, much_b = {"a": 0.75, "b": 0.25}, {"a": 0.25, "b": 0.75}
    assert first[: 2 * sweeps] == [much_a, much_b] * sweeps
    assert second[: 2 * sweeps] == [much_b, much_a] * sweeps  # they take turns in being first
    odds = math.exp(2.0 * ((0.35 - 0.25) / 0.6))
    for chosen, expected in ((first[-used:], odds), (second[-used:], odds**2)):
        assert all(one["a"] / one["b"] == pytest.approx(expected, abs=1e-9) for one in chosen)


def test_with_memory_every_round_begins_with_equal_proportions():
    controller = Aioli(rate=2.0, used=1, memory=0.5)
    losses, proportions, given = np.array([5.0, 4.0]), HALF, []
    for _ in range(6):
        proportions = controller.proportions(seen(proportions, dict(zip("ab", losses.tolist(), strict=True))))
        given.append(proportions)
        losses = losses - HELPS @ np.array(list(proportions.values()))
    assert given[2] == pytest.approx(given[5], abs=1e-9)
