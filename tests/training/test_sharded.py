"""Parameters sharded among two processes: the run that one process trains, from checkpoints of either."""

from functools import partial

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.study.mixture import Steering
from phasemix.training.devices import Devices
from phasemix.training.train_cell import _held
from tests.conftest import small_cell
from tests.training.processes import arguments_of, kill_group, torchrun
from tests.training.runs import exploding_at, interrupt, killed_at, metrics, newest, own_checkpoints, run, trunk_of

pytestmark = pytest.mark.xdist_group("torchrun")
STEPS = 40
RECIPE = {"precision": "float32", "tokens": STEPS * 4 * 32, "micro_batch_size": 1}  # rows are accumulated
RECIPE |= {"sample_weights": {"strategy": "linupper", "equal_steps": 15}}  # and weighed by losses of all processes
CELL = small_cell(recipe=RECIPE)
TOLERANCE = 1e-3  # of weights of order .1 to 1, after 40 steps at a learning rate of .01


def sharded(data, folder, out="run", seconds="1000", prepare=None):
    """Start two processes that share the parameters of the cell, or of its trunk."""
    options = ("--checkpoint-seconds", seconds, f"--{'out' if out == 'run' else out}", str(folder / out))
    line = arguments_of(CELL, data, folder, *options, "--shard", "1")
    return torchrun(2, "train", *line, log=folder / "log", prepare=prepare)


def finished(script):
    assert script.wait() == 0, script.said
    return script.said


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    """The cell, trained by one process."""
    return run(CELL, data, tmp_path_factory.mktemp("whole"))


def assert_same(found, expected):
    """Two runs have the same rows and weights but for rounding."""
    np.testing.assert_allclose(metrics(found)["train_loss"], metrics(expected)["train_loss"], rtol=1e-3)
    ours, theirs = (load_file(folder / "model" / "model.safetensors") for folder in (found, expected))
    assert list(ours) == list(theirs)
    for name in theirs:
        own, other = ours[name], theirs[name]
        if name.endswith("query_key_value.bias"):  # attention does not depend on the keys' bias, which follows rounding
            own, other = (each.view(2, 3, -1)[:, ::2] for each in (own, other))
        torch.testing.assert_close(own, other, rtol=0, atol=TOLERANCE)


def test_two_processes_that_share_the_parameters_train_what_one_does(data, whole, tmp_path):
    finished(sharded(data, tmp_path))
    found = tmp_path / "run"
    assert_same(found, whole)
    rows, expected = metrics(found), metrics(whole)
    np.testing.assert_allclose(rows["train_loss"][:10], expected["train_loss"][:10], rtol=1e-5)
    assert list(rows) == list(expected)
    evaluated = [name for name in rows if name.startswith(("loss.", "knowledge."))]
    np.testing.assert_allclose(rows[evaluated].dropna(), expected[evaluated].dropna(), rtol=1e-3, atol=1e-3)
    ours, theirs = (read_json(folder / "manifest.json") for folder in (found, whole))
    assert ours["cell_hash"] == theirs["cell_hash"]  # how it was held is no part of what it is
    assert (ours["processes"], theirs["processes"]) == (2, 1)
    assert ours["parameters"] == theirs["parameters"]


def test_a_sharded_run_that_is_killed_goes_on_whole(data, whole, tmp_path):
    script = sharded(data, tmp_path, seconds="0")
    script.until(lambda: newest(tmp_path) >= 20)
    kill_group(script)
    saved = newest(tmp_path)
    assert 20 <= saved < STEPS, script.said
    found = run(CELL, data, tmp_path)
    assert read_json(found / "manifest.json")["resumed_from"] in ([saved], [saved - 1])
    assert_same(found, whole)


def test_a_whole_run_that_is_killed_goes_on_sharded(data, whole, tmp_path):
    saved = killed_at(20, CELL, data, tmp_path)
    assert 20 <= saved < STEPS
    said = finished(sharded(data, tmp_path))
    assert "begun with processes 1" in said
    assert "held whole: from here on equal to rounding, not bit for bit" in said
    assert read_json(tmp_path / "run" / "manifest.json")["resumed_from"] in ([saved], [saved - 1])
    assert_same(tmp_path / "run", whole)


def test_a_whole_run_branches_off_a_sharded_trunk(data, whole, tmp_path):
    finished(sharded(data, tmp_path, "trunk"))
    expected = torch.load(trunk_of(CELL, data, tmp_path / "alone"), weights_only=True)["state"]
    found = torch.load(tmp_path / "trunk" / "state.pt", weights_only=True)["state"]
    for ours, theirs in zip(found["optimizer"]["squares"], expected["optimizer"]["squares"], strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-2, atol=1e-6)
    assert_same(run(CELL, data, tmp_path, start=tmp_path / "trunk" / "state.pt"), whole)


def test_a_sharded_run_that_diverges_keeps_the_last_good_weights(data, tmp_path, monkeypatch):
    explode = partial(exploding_at, 25, before=True)
    finished(sharded(data, tmp_path, prepare=partial(explode, pytest.MonkeyPatch())))
    explode(monkeypatch)
    expected = run(CELL, data, tmp_path / "whole")
    ours, theirs = (read_json(folder / "manifest.json") for folder in (tmp_path / "run", expected))
    assert (ours["diverged_at"], ours["good_step"]) == (theirs["diverged_at"], theirs["good_step"]) == (25, 20)
    assert_same(tmp_path / "run", expected)


def test_processes_that_find_different_checkpoints_end_at_once(data, tmp_path, monkeypatch):
    interrupt(monkeypatch, 10, lambda: run(CELL, data, tmp_path, checkpoint_seconds=0))
    (tmp_path / "checkpoints").rename(tmp_path / "0")  # the first process's; the second finds none
    script = sharded(data, tmp_path, prepare=partial(own_checkpoints, tmp_path))
    assert script.wait() != 0
    assert "error: the processes of this run found different checkpoints: is their folder shared by all?" in script.said
    assert not (tmp_path / "run").exists()


def test_what_cannot_be_shared_is_refused(data, tokenizer, tmp_path):
    with pytest.raises(PhasemixError, match=r"shard: tiny is trained by one process; give it more devices"):
        run(CELL, data, tmp_path, shard=True)
    steering = Steering(controller="doremi", every_tokens=100)
    steered = CELL.model_copy(update={"mixture": CELL.mixture.model_copy(update={"steering": steering})})
    with pytest.raises(PhasemixError, match="shard: tiny is steered by a controller, which reads a whole model"):
        _held(steered, tokenizer, None, Devices(torch.device("cpu"), count=2), True)
    line = arguments_of(small_cell(recipe={"batch_size": 3, "tokens": 60 * 3 * 32}), data, tmp_path)
    script = torchrun(2, "train", *line, "--shard", "1", log=tmp_path / "log")
    assert script.wait() != 0
    assert "error: a batch_size of 3 cannot be shared evenly by 2 processes" in script.said
    assert not (tmp_path / "run").exists()
