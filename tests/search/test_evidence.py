"""Domains that come and go: which earlier runs hold still."""

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.fitting.runs import Runs
from phasemix.search.evidence import keep_valid

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


def test_runs_of_which_none_holds_are_refused():
    with pytest.raises(PhasemixError, match="every run read a, which is no domain any more: none holds"):
        keep_valid(runs(), ["b", "c"])
