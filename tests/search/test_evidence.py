"""Domains that come and go: which earlier runs hold still."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.fitting.runs import Runs
from phasemix.search.evidence import keep_valid, missing_trials, of_trials
from phasemix.search.mixer import Steer, Trial
from phasemix.search.problem import Scale

MIXTURES = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])


def runs():
    names = np.array(["one", "two", "three"], dtype=object)
    loss = np.arange(1.0, 10.0).reshape(3, 3)
    return Runs(names, ("a", "b", "c"), MIXTURES, ("a", "b", "c"), loss)


def test_the_same_domains_in_another_order():
    found, notes = keep_valid(runs(), ["c", "a", "b"])
    assert found.mixture.tolist() == MIXTURES[:, [2, 0, 1]].tolist()
    assert not notes


def test_a_domain_that_was_removed_takes_those_runs_along_that_read_it():
    found, notes = keep_valid(runs(), ["a", "b"])
    assert found.run.tolist() == ["one", "three"]
    assert found.mixture.tolist() == [[0.5, 0.5], [1.0, 0.0]]
    assert found.targets == ("a", "b")
    assert found.loss.tolist() == [[1.0, 2.0], [7.0, 8.0]]
    assert notes == ["left out a run that read c"]


def test_a_domain_that_was_added_was_read_by_no_earlier_run():
    found, notes = keep_valid(runs(), ["a", "b", "new", "c"])
    assert found.mixture[:, 2].tolist() == [0, 0, 0]
    assert len(found) == 3
    assert notes == ["no earlier run read new: counted as 0 there"]


def test_runs_of_which_none_holds_are_left_out():
    found, notes = keep_valid(runs(), ["b", "c"])
    assert found is None
    assert notes == ["every run read a, which is no domain any more: none holds"]


def test_a_run_that_read_hardly_anything_of_a_removed_domain_holds():
    names = np.array(["one"], dtype=object)
    one = Runs(names, ("a", "b", "c"), np.array([[0.5, 0.495, 0.005]]), ("a", "b", "c"), np.ones((1, 3)))
    found, notes = keep_valid(one, ["a", "b"])
    assert found.mixture.tolist() == [pytest.approx([0.5 / 0.995, 0.495 / 0.995])]
    assert not notes


TRIALS = [Trial(name, Scale(10, 100)) for name in ("centre", "corner-a", "corner-b", "corner-c", "inner")]
ASKED = np.array([[1 / 3] * 3, [0.7, 0.15, 0.15], [0.15, 0.7, 0.15], [0.15, 0.15, 0.7], [0.2, 0.5, 0.3]])


def measured(*mixtures, size=10.0):
    count = len(mixtures)
    names = np.array([f"run {i}" for i in range(count)], dtype=object)
    loss, size, step = np.ones((count, 3)), np.full(count, size), np.full(count, 100.0)
    return Runs(names, ("a", "b", "c"), np.array(mixtures), ("a", "b", "c"), loss, step=step, size=size)


def test_without_runs_all_trials_are_asked_for_as_far_as_runs_are_wanted():
    assert missing_trials(None, TRIALS, ASKED, 5) == (None, [0, 1, 2, 3, 4], [])
    assert missing_trials(None, TRIALS, ASKED, 3)[1] == [0, 1, 2]


def test_other_runs_of_the_scale_count_and_no_mixture_is_trained_twice():
    found, missing, notes = missing_trials(measured([0.1, 0.1, 0.8], ASKED[0]), TRIALS, ASKED, 4)
    assert len(found) == 2
    assert missing == [1, 2], "centre is there under another name, and two runs are lacking"
    assert not notes


def test_a_domain_that_was_added_gets_its_part_of_the_runs_though_there_are_enough():
    """Four runs that never read c, of four wanted: an equal part are two, of those that read most of c."""
    earlier = [[0.5, 0.5, 0], [0.7, 0.3, 0], [0.3, 0.7, 0], [0.6, 0.4, 0]]
    found, missing, _ = missing_trials(measured(*earlier), TRIALS, ASKED, 4)
    assert len(found) == 4
    assert missing == [0, 3]
    done = measured(*earlier, ASKED[0], ASKED[3])
    assert missing_trials(done, TRIALS, ASKED, 4)[1] == []


def test_runs_of_another_scale_are_left_out_by_name_and_refused_if_there_are_no_others():
    mixed = replace(measured(ASKED[0], ASKED[1]), size=np.array([10.0, 20.0]))
    found, _, notes = missing_trials(mixed, TRIALS, ASKED, 2)
    assert found.run.tolist() == ["run 0"]
    assert notes == ["left out 1 of 2 runs: run 1 has size 20, and the plan says 10"]
    with pytest.raises(PhasemixError, match="run 0 has size 30, and the plan says 10: compare runs of one scale"):
        missing_trials(measured(ASKED[0], size=30.0), TRIALS, ASKED, 2)


def test_a_steered_run_must_say_what_it_read():
    trial = Trial("proxy", Scale(10, 100), Steer("doge"))
    runs = replace(measured(ASKED[0]), run=np.array(["proxy"], dtype=object))
    with pytest.raises(PhasemixError, match="proxy is steered, and its proportions are those that it began with"):
        of_trials(runs, [trial], ASKED[:1])
    assert len(of_trials(replace(runs, mixture=ASKED[1:2]), [trial], ASKED[:1])) == 1
