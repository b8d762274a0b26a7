"""Numbers that domains share are drawn together as far as they agree."""

import numpy as np
import pytest

from phasemix.fitting.shrinkage import LEAST_SPREAD, common_mean, drawn_together
from phasemix.laws import load_law
from tests.laws.truth import noisy, truth


def test_numbers_that_agree_have_the_weighted_mean_and_no_spread():
    found = common_mean(np.array([1.0, 1.1, 0.9]), np.array([0.2, 0.2, 0.2]))
    assert found.mean == pytest.approx(1.0)
    assert found.spread == LEAST_SPREAD
    assert found.error == pytest.approx(np.sqrt((0.2**2 + LEAST_SPREAD**2) / 3))


def test_numbers_that_differ_keep_their_spread():
    rng = np.random.default_rng(0)
    truth_of_each = rng.normal(0, 0.5, 4000)
    found = common_mean(truth_of_each + rng.normal(0, 0.2, 4000), np.full(4000, 0.2))
    assert found.mean == pytest.approx(0, abs=0.03)
    assert found.spread == pytest.approx(0.5, rel=0.05)


def test_too_few_domains_and_what_the_runs_say_nothing_of():
    noise = np.ones(3)
    assert drawn_together(np.ones((2, 2)), np.ones((2, 2)), [0], noise[:2]) is None
    found = drawn_together(np.ones((3, 2)), np.array([[1, np.inf], [1, np.inf], [1, 1.0]]), [0, 1], noise)
    assert (found.precision[:, 0] > 0).all()
    assert (found.precision[:, 1] == 0).all()
    assert (found.deviation[:, 0] > LEAST_SPREAD).all()
    assert (found.deviation[:, 1] == 0).all()


def test_what_domains_share_helps_a_larger_model():
    """Four sizes under noise; domains fall alike. The transfer law without sharing is off by more at the fifth."""
    law = load_law("transfer")
    known = truth("transfer", mixtures=10, sizes=np.array([1e7, 2e7, 4e7, 1.6e8]), steps=np.array([2e4]))
    own, shared = [], []
    for seed in range(8):
        runs = noisy(known.runs, 0.004, np.random.default_rng(seed), between=0.9)
        seen, larger = runs.size < 1e8, runs.size > 1e8
        for errors, names in ((shared, ("a",)), (own, ())):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(type(law), "shared", names)
                found = law.fit(runs.rows(seen)).predict(runs.rows(larger))
            errors.append(np.abs(found / known.runs.rows(larger).loss - 1).mean())
    assert np.mean(shared) < np.mean(own)


@pytest.mark.parametrize("between", [0.0, 0.9])
def test_intervals_at_a_larger_size_know_that_the_common_exponent_is_an_estimate(between):
    """Domains whose exponents differ, three sizes, asked about one three times as large."""
    known = truth("transfer", mixtures=32, sizes=np.array([1e6, 3e6, 1e7, 3e7]))
    fitted, larger = known.runs.rows(known.runs.size < 3e7), known.runs.rows(known.runs.size == 3e7)
    rng, held = np.random.default_rng(7), []
    for _ in range(12):
        low, high = load_law("transfer").fit(noisy(fitted, 0.01, rng, between)).interval(larger)
        held.append(((low <= larger.loss) & (larger.loss <= high)).mean())
    assert 0.86 < np.mean(held) < 0.995
