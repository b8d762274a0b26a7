"""Several processes that train one cell, as torchrun starts them: real processes, gloo on this machine."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.training.devices import Devices, devices
from phasemix.training.train_cell import _held
from tests.conftest import small_cell
from tests.training.processes import arguments_of, kill_group, torchrun
from tests.training.runs import metrics, newest, run, weights

pytestmark = pytest.mark.xdist_group("torchrun")
F32 = {"precision": "float32"}
LONG = small_cell(recipe={"tokens": 600 * 4 * 32})


def by_two(cell, data, folder, *options):
    """Train a cell by two processes to its end; what they said."""
    script = torchrun(2, "train", *arguments_of(cell, data, folder, *options), log=folder / "log")
    assert script.wait() == 0, script.said
    return script.said


@pytest.fixture(scope="module")
def undisturbed(data, tmp_path_factory):
    """The cell ``LONG`` trained by two processes."""
    folder = tmp_path_factory.mktemp("whole")
    by_two(LONG, data, folder)
    return folder / "run"


def test_two_processes_have_the_losses_of_one_at_equal_global_batch(data, tmp_path):
    """Started by torchrun's own command, as a user does."""
    cell = small_cell(recipe=F32)
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "scripts/train.py"]
    done = subprocess.run(
        [*launch, *arguments_of(cell, data, tmp_path / "two")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    one, two = metrics(run(cell, data, tmp_path / "one")), metrics(tmp_path / "two" / "run")
    np.testing.assert_allclose(two["train_loss"][:10], one["train_loss"][:10], rtol=1e-5)
    np.testing.assert_allclose(two["train_loss"], one["train_loss"], rtol=1e-3)
    np.testing.assert_allclose(two["loss.web"].dropna(), one["loss.web"].dropna(), rtol=1e-3)
    manifest = read_json(tmp_path / "two" / "run" / "manifest.json")
    assert manifest["processes"] == 2
    assert manifest["micro_batch_size"] == 2
    assert manifest["tokens"] == read_json(tmp_path / "one" / "run" / "manifest.json")["tokens"]


def test_two_processes_killed_and_started_again_end_in_the_same_bytes(data, undisturbed, tmp_path):
    script = torchrun(2, "train", *arguments_of(LONG, data, tmp_path), log=tmp_path / "log")
    script.until(lambda: newest(tmp_path) >= 20)
    kill_group(script)
    assert 20 <= newest(tmp_path) < 600, script.said
    by_two(LONG, data, tmp_path)
    assert weights(tmp_path / "run") == weights(undisturbed)
    pd.testing.assert_frame_equal(metrics(tmp_path / "run"), metrics(undisturbed), check_exact=True)


def test_two_processes_told_to_stop_save_the_same_step(data, undisturbed, tmp_path):
    """SIGTERM to torchrun, as a scheduler sends it; no checkpoint was due."""
    options = ("--checkpoint-seconds", "1000", "--out", str(tmp_path / "run"))
    script = torchrun(2, "train", *arguments_of(LONG, data, tmp_path, *options), log=tmp_path / "log")
    script.until(lambda: "step/s" in script.said)  # the first line of progress
    script.process.terminate()
    assert script.wait() != 0
    saved = newest(tmp_path)
    assert 0 < saved < 600, script.said
    assert f"error: stopped by SIGTERM after step {saved} of 600, which is saved" in script.said
    by_two(LONG, data, tmp_path, *options)
    assert read_json(tmp_path / "run" / "manifest.json")["resumed_from"] == [saved]
    assert weights(tmp_path / "run") == weights(undisturbed)


def test_the_first_process_alone_copies_the_weights_that_it_writes(tokenizer):
    for rank in (0, 1):
        held = _held(small_cell(), tokenizer, None, Devices(torch.device("cpu"), rank, 2), False)
        sizes = [flat.numel() for [flat] in held.groups]
        assert [flat.numel() for flat in held.flats(held.groups)] == (sizes if rank == 0 else [0, 0])
        assert len(held.by_name()) == (len(list(held.model.parameters())) if rank == 0 else 0)


def test_a_batch_is_shared_evenly_or_refused(data, tmp_path):
    assert [Devices(torch.device("cpu"), rank, 4).share(8) for rank in range(4)] == [
        slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 8),
    ]  # fmt: skip
    with pytest.raises(PhasemixError, match="a batch_size of 4 cannot be shared evenly by 3 processes"):
        Devices(torch.device("cpu"), 0, 3).share(4)


def test_gpus_that_pytorch_cannot_use_are_an_error_unless_one_wants_the_cpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for hidden in ("", "-1", "NoDevFiles"):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
        with devices() as found:
            assert found.device.type == "cpu"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    with pytest.raises(PhasemixError, match=r"GPUs were given .* sees none: install a build for CUDA"), devices():
        pass
    monkeypatch.setenv("PHASEMIX_CPU", "1")
    with devices() as found:
        assert found.device.type == "cpu"
