"""T(r): hand-worked crossings, bounds on both sides, horizons without a result."""

import numpy as np
import pytest

from phasemix.analysis.tokens_to_accuracy import TokensToAccuracy, tokens_to_accuracy
from phasemix.base.errors import PhasemixError

TOKENS = np.array([1.0, 2.0, 4.0, 8.0])


def reached(accuracy, level=0.4):
    return tokens_to_accuracy(TOKENS, np.array(accuracy), level)


def test_between_two_horizons_it_is_interpolated_in_log_tokens():
    found = reached([0.0, 0.1, 0.3, 0.5])
    assert found.standing == "attained"
    assert found.tokens == pytest.approx(np.sqrt(4 * 8))
    assert reached([0.0, 0.2, 0.4, 0.5]).tokens == pytest.approx(4)


def test_a_dip_is_smoothed():
    assert reached([0.0, 0.6, 0.2, 0.9]).tokens == pytest.approx(2)  # .6 and .2 pool to .4


def test_a_level_never_reached_is_censored_at_the_longest_horizon():
    assert reached([0.0, 0.1, 0.2, 0.3]) == TokensToAccuracy(8, "censored")


def test_a_level_reached_at_the_shortest_horizon_was_reached_before():
    assert reached([0.4, 0.5, 0.6, 0.7]) == TokensToAccuracy(1, "before")


def test_horizons_without_accuracy_are_left_out_of_bounds_too():
    assert reached([np.nan, 0.1, np.nan, 0.7]).tokens == pytest.approx(np.sqrt(2 * 8))
    assert reached([0.0, 0.1, 0.2, np.nan]) == TokensToAccuracy(4, "censored")
    assert reached([np.nan, 0.6, 0.7, 0.8]) == TokensToAccuracy(2, "before")
    assert reached([np.nan, np.nan, 0.2, np.nan]) == TokensToAccuracy(4, "censored")


def test_a_known_curve_is_recovered_from_twenty_horizons():
    """Horizons spaced by 1.2, as in A-Fig 3, and accuracy a logistic function of log tokens around 34."""
    tokens = 2 * 1.2 ** np.arange(25)
    accuracy = 1 / (1 + (34 / tokens) ** 2)
    assert tokens_to_accuracy(tokens, accuracy, 0.5).tokens == pytest.approx(34, rel=0.002)
    assert tokens_to_accuracy(tokens, accuracy, 0.2).tokens == pytest.approx(17, rel=0.005)


def test_nothing_known_and_horizons_out_of_order_are_refused():
    with pytest.raises(PhasemixError, match=r"^tokens to 0\.4 accuracy: no horizon has an accuracy; leave"):
        reached([np.nan] * 4)
    for tokens in ([1.0, 3.0, 2.0], [1.0, 1.0, 2.0], [0.0, 1.0, 2.0]):
        with pytest.raises(PhasemixError, match="do not rise from above 0; sort them and average the seeds of each"):
            tokens_to_accuracy(np.array(tokens), np.array([0.1, 0.2, 0.3]), 0.4)
