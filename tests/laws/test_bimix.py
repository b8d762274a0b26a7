"""BiMix."""

from dataclasses import replace

import pytest

from phasemix.laws import load_law
from tests.laws.truth import truth, value_at

TRUTH = [[0.08, 60.0, 0.6, 2.0], [0.2, 25.0, 0.5, 1.5], [0.05, 90.0, 0.7, 3.0]]


def test_by_hand():
    assert value_at("bimix", [0.5, 8.0, 0.5, 1.0]) == pytest.approx(2 * (8 / 4 + 1))


def test_loss_domains_without_a_proportion_are_skipped_by_name():
    fit = load_law("bimix").fit(replace(truth("bimix").runs, targets=("a", "b", "chat")))
    assert fit.targets == ("a", "b")
    assert fit.skipped == {"chat": "needs its own proportion, mix.chat"}
