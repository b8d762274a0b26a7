"""What is held out, how predictions are scored, and the command line that shows it."""

import numpy as np
import pytest

from phasemix.fitting.comparison import COLUMNS, compare
from phasemix.fitting.law import LawError
from phasemix.fitting.scores import scores
from phasemix.fitting.splits import folds, hold_out
from phasemix.laws import load_law
from tests.laws.truth import truth


@pytest.fixture(scope="module")
def runs():
    return truth("transfer", mixtures=20).noisy(0.005, np.random.default_rng(0))


def test_scores_by_hand():
    found = scores(np.array([1.1, 1.9, 4.4]), np.array([1.0, 2.0, 4.0]))
    assert found["mean_relative_error"] == pytest.approx((0.1 + 0.05 + 0.1) / 3)
    left = np.log(1.1) ** 2 * 2 + np.log(0.95) ** 2
    assert found["r2_log"] == pytest.approx(1 - left / (2 * np.log(2) ** 2))
    assert found["spearman"] == pytest.approx(1.0)
    assert np.isnan(scores(np.array([1.0, 1.0]), np.array([1.0, 2.0]))["spearman"])


def test_mixtures_are_held_out_whole(runs):
    train, test = hold_out(runs, "mixtures", 0.25, seed=0)
    assert len(train) + len(test) == len(runs)
    assert len(np.unique(test.mixture_numbers)) == 5
    assert not {tuple(m) for m in test.mixture} & {tuple(m) for m in train.mixture}
    other = hold_out(runs, "mixtures", 0.25, seed=1)[1]
    assert {tuple(m) for m in other.mixture} != {tuple(m) for m in test.mixture}


def test_last_steps_and_largest_size_are_held_out(runs):
    train, test = hold_out(runs, "steps", 0.3, seed=0)
    steps = np.unique(runs.step)
    assert set(test.step) == set(steps[-2:])
    assert set(train.step) == set(steps[:-2])
    assert hold_out(runs, "size", 0.3, seed=0)[1].size.tolist() == [1e8] * (len(runs) // 3)


def test_folds_hold_every_mixture_out_once(runs):
    tested = [tuple(m) for _, test in folds(runs, 4, seed=0) for m in np.unique(test.mixture, axis=0)]
    assert len(tested) == len(set(tested)) == 20
    with pytest.raises(LawError, match="from 2 to 20"):
        list(folds(runs, 21, seed=0))


def test_nothing_to_hold_out_is_one_line(runs):
    with pytest.raises(LawError, match="one"):
        hold_out(runs.rows(runs.mixture_numbers == 0), "mixtures", 0.2, seed=0)
    with pytest.raises(LawError, match="more than one value"):
        hold_out(runs.rows(runs.size == 1e8), "size", 0.2, seed=0)


def test_the_true_law_wins_and_others_are_left_out_by_name(runs):
    names = ["transfer", "bimix", "regmix-linear", "step-law"]
    found = compare([hold_out(runs, "mixtures", 0.25, seed=0)], [load_law(name) for name in names])
    assert found.table.columns.tolist() == COLUMNS
    assert found.summary["law"][0] == "transfer"
    assert found.summary["mean_relative_error"][0] < 0.005
    assert any(note.startswith("left out: step-law says nothing of runs") for note in found.notes)
    assert (found.table["n_train"] + found.table["n_test"] == len(runs)).all()
    assert found.table.query("law == 'transfer'")["n_parameters"].tolist() == [12] * 3
