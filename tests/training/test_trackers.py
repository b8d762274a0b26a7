"""What trackers share; what each says of a run is tested with its package (tests/trackers)."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.observers import observers, wanted_trackers
from phasemix.observers._tracker import Place, Tracker
from tests.conftest import small_cell


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("results/laptop/runs/seeds/size=23k/seed=0", ("phasemix-laptop", "seeds", "size=23k/seed=0")),
        ("/me/runs/results/smoke/trunks/horizon/tokens=8", ("phasemix-smoke", "horizon", "tokens=8 (trunk)")),
        ("mine/first", ("phasemix", "mine", "first")),
    ],
)
def test_a_run_is_called_by_its_scale_experiment_and_cell(run, told):
    place = Place.of(Path(run))
    assert (place.project, place.experiment, place.cell) == told


def test_trackers_that_do_not_exist_or_are_not_installed_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PHASEMIX_TRACKERS", " , ")
    assert wanted_trackers() == []
    monkeypatch.setenv("PHASEMIX_TRACKERS", "tensorboard,wand")
    monkeypatch.setattr("phasemix.observers._tracker.find_spec", lambda name: find_spec("json"))
    with pytest.raises(
        PhasemixError, match="PHASEMIX_TRACKERS: no tracker is named 'wand'; there are mlflow, tensorboard"
    ):
        observers(small_cell(), tmp_path / "run")
    monkeypatch.setattr("phasemix.observers._tracker.find_spec", lambda name: None)
    with pytest.raises(PhasemixError, match=r"tensorboard is not installed: make environment EXTRAS=trackers"):
        observers(small_cell(), tmp_path / "run")


class Notes(Tracker):
    """Writes down what it is told."""

    name = "notes"

    def __init__(self, folder, *, breaks=False):
        super().__init__(small_cell(), folder)
        self.told, self.breaks = [], breaks

    def begin(self, identity, step, *, resumed):
        self.told.append(("begin", identity, step, resumed))
        if self.breaks:
            raise ConnectionError("no server")

    def log(self, values, step):
        self.told.append((step, values))

    def finish(self):
        self.told.append("finish")


def rows(tracker, *steps):
    for step in steps:
        tracker.row({"step": step, "loss.web": 1 / step})


def test_a_run_goes_on_if_its_first_row_comes_later_and_is_another_one_otherwise(tmp_path):
    first, resumed, again = (Notes(tmp_path / "first") for _ in range(3))
    rows(first, 1, 2)
    identity = read_json(tmp_path / "trackers/notes" / tmp_path.name / "first/run.json")["id"]
    assert first.told == [("begin", identity, 1, False), (1, {"loss.web": 1.0}), (2, {"loss.web": 0.5})]
    rows(resumed, 3)
    resumed.end()
    assert resumed.told == [("begin", identity, 3, True), (3, {"loss.web": 1 / 3}), "finish"]
    rows(again, 1)
    assert again.told[0][1] != identity
    assert again.told[0][2:] == (1, False)


def test_a_tracker_that_fails_is_not_asked_again(tmp_path):
    """So that a run does not wait for a server at every row."""
    tracker = Notes(tmp_path / "run", breaks=True)
    with pytest.raises(ConnectionError):
        rows(tracker, 1)
    rows(tracker, 2, 3)
    tracker.end()
    assert [told[0] for told in tracker.told] == ["begin"]
