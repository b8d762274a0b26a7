"""Observers, who watch a run and are told of its end."""

import copy
import os
import signal
import sys
from dataclasses import replace

import pandas as pd
import pytest

import phasemix.observers as observers_module
from phasemix.base.errors import PhasemixError
from phasemix.observers import observers
from phasemix.training.loop import Run
from tests.conftest import small_cell
from tests.training.runs import Killed, exploding_at, interrupt, metrics, newest, run, weights


class Watcher:
    """Notes what it is told."""

    def __init__(self, stop_at=None):
        self.rows, self.ends, self.stop_at = [], 0, stop_at

    def row(self, row):
        assert not self.ends
        self.rows.append(dict(row))
        if row["step"] == self.stop_at:
            os.kill(os.getpid(), signal.SIGTERM)

    def end(self):
        self.ends += 1


@pytest.fixture
def watched(data, tmp_path):
    """Train the small cell with an observer; the observer."""

    def train(observer, folder=tmp_path):
        run(small_cell(), data, folder, observers=lambda: (observer,))
        return observer

    return train


def told(*watchers):
    return pd.DataFrame([row for watcher in watchers for row in watcher.rows]).drop(columns="tokens_per_second")


def test_observers_see_every_row_once_and_the_end(watched, uninterrupted, tmp_path):
    watcher = watched(Watcher())
    assert watcher.ends == 1
    pd.testing.assert_frame_equal(told(watcher), metrics(uninterrupted), check_exact=True, check_dtype=False)
    assert weights(tmp_path / "run") == weights(uninterrupted)  # watching changes nothing


def test_observers_hear_of_the_end_of_a_run_that_is_told_to_stop(watched, uninterrupted, tmp_path):
    first = Watcher(stop_at=30)
    with pytest.raises(PhasemixError, match="stopped by SIGTERM after step 30 of 60, which is saved"):
        watched(first)
    assert first.ends == 1
    assert newest(tmp_path) == 30
    second = watched(Watcher())
    assert second.ends == 1
    pd.testing.assert_frame_equal(told(first, second), metrics(uninterrupted), check_exact=True, check_dtype=False)


def test_observers_hear_of_the_end_of_a_run_that_fails(watched, monkeypatch, tmp_path):
    watcher = Watcher()
    interrupt(monkeypatch, 7, lambda: watched(watcher))
    assert (len(watcher.rows), watcher.ends) == (7, 1)
    exploding_at(10, monkeypatch, before=True)
    diverged = watched(Watcher(), tmp_path / "diverged")
    assert (diverged.rows[-1]["step"], diverged.ends) == (10, 1)


def test_only_the_first_of_several_processes_tells_observers(data, tmp_path, monkeypatch):
    """They would tell of the same run twice."""
    found = []
    real = Run.__init__

    def second(self, held, *arguments, observers, **options):
        assert observers == ()
        real(self, held, *arguments, observers=(Watcher(),), **options)
        found.append(self._observers)
        elsewhere = copy.copy(held)
        elsewhere.devices = replace(held.devices, rank=1)
        other = object.__new__(Run)
        real(other, elsewhere, *arguments, observers=(Watcher(),), **options)
        found.append(other._observers)
        raise Killed

    monkeypatch.setattr(Run, "__init__", second)
    with pytest.raises(Killed):
        run(small_cell(), data, tmp_path)
    assert [len(observers) for observers in found] == [1, 0]


OBSERVER = '''
"""Writes every row down."""

import json


class Notes:
    def __init__(self, path):
        self.path = path

    def row(self, row):
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\\n")

    def end(self):
        with self.path.open("a") as file:
            file.write("end")


def observe(cell, run):
    return Notes(run.with_name("notes.txt")) if cell.size == "tiny" else None
'''


def test_a_file_in_its_folder_is_an_observer(monkeypatch, tmp_path):
    (tmp_path / "notes.py").write_text(OBSERVER)
    monkeypatch.setattr(observers_module, "__file__", str(tmp_path / "__init__.py"))
    monkeypatch.setattr(observers_module, "__path__", [str(tmp_path)])
    [notes] = observers(small_cell(), tmp_path / "run")
    notes.row({"step": 1})
    notes.end()
    assert (tmp_path / "notes.txt").read_text() == '{"step": 1}\nend'
    assert observers(small_cell(size="large"), tmp_path / "run") == []
    sys.modules.pop("phasemix.observers.notes")
