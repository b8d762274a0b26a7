"""The time left of a study that runs here."""

import os
import socket

import pytest

from phasemix.base.files import write_json
from phasemix.planning.cost import Costs, measured_speeds
from phasemix.planning.jobs import JobKey, jobs
from phasemix.planning.plan import make_plan
from phasemix.planning.time_left import seconds_left
from phasemix.study.overlays import load
from tests.conftest import merged

MANIFEST = {"seconds": 20.0, "evaluation_seconds": 0.5, "trained_tokens": 49_152, "processes": 1, "gpus": []}


@pytest.fixture
def study():
    return load(merged("config.yaml", "scales/smoke.yaml") | {"run": ["transition"]})


def finish(results, key):
    write_json(results / f"runs/transition/{key.format()}/manifest.json", MANIFEST)
    write_json(results / f"evaluations/transition/{key.format()}/summary.json", {"diverged": False})


def test_it_is_not_known_before_a_cell_is_finished(study, tmp_path):
    assert seconds_left(study, tmp_path, 2) is None


def test_it_is_the_plan_of_what_is_left(study, tmp_path):
    cells = study.experiments["transition"].cells
    finish(tmp_path, cells[0])
    one, two = (seconds_left(study, tmp_path, devices) for devices in (1, 2))
    assert one == pytest.approx(3600 * make_plan(study, tmp_path).totals["left_device_hours"])
    assert one / 2 <= two < 0.7 * one
    finish(tmp_path, cells[1])
    assert seconds_left(study, tmp_path, 1) < one
    for cell in cells:
        finish(tmp_path, cell)
    assert seconds_left(study, tmp_path, 1) == 0


def test_a_cell_in_training_counts_with_what_is_left_of_it(study, tmp_path):
    cells = study.experiments["transition"].cells
    finish(tmp_path, cells[0])
    before = seconds_left(study, tmp_path, 1)
    news = {"step": 30, "until": 120, "seconds_left": 90.0, "host": socket.gethostname(), "process": os.getpid()}
    write_json(tmp_path / f"checkpoints/transition/{cells[1].format()}/progress.json", news | {"job": None})
    key = JobKey("train", "transition", cells[1])
    training = Costs(study, measured_speeds(study, tmp_path)).seconds(key, jobs(study)[key])
    assert seconds_left(study, tmp_path, 1) == pytest.approx(before - 30 / 120 * training)
