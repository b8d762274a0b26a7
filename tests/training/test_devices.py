"""Several processes that train one cell, as torchrun starts them: real processes, gloo on this machine."""

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
import torch

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256
from phasemix.training.devices import Devices, devices
from tests.conftest import small_cell
from tests.test_training import command, metrics, newest, run

pytestmark = pytest.mark.xdist_group("torchrun")
F32 = {"precision": "float32"}
LONG = small_cell(recipe={"tokens": 600 * 4 * 32})


@pytest.fixture(scope="module")
def undisturbed(corpora, tmp_path_factory):
    """The cell ``LONG`` trained by two processes."""
    folder = tmp_path_factory.mktemp("whole")
    done = torchrun(LONG, corpora, folder)
    assert done.returncode == 0, done.stderr
    return folder / "run"


def same_weights(run, other):
    return sha256(run / "model" / "model.safetensors") == sha256(other / "model" / "model.safetensors")


def torchrun(cell, corpora, folder, *options, processes=2):
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    return subprocess.run(
        [*launch, *command(cell, corpora, folder, *options)[1:]], capture_output=True, text=True, check=False
    )


def test_two_processes_have_the_losses_of_one_at_equal_global_batch(corpora, tmp_path):
    cell = small_cell(recipe=F32)
    done = torchrun(cell, corpora, tmp_path / "two")
    assert done.returncode == 0, done.stderr
    one, two = metrics(run(cell, corpora, tmp_path / "one")), metrics(tmp_path / "two" / "run")
    np.testing.assert_allclose(two["train_loss"][:10], one["train_loss"][:10], rtol=1e-5)
    np.testing.assert_allclose(two["train_loss"], one["train_loss"], rtol=1e-3)
    np.testing.assert_allclose(two["web_loss"].dropna(), one["web_loss"].dropna(), rtol=1e-3)
    manifest = read_json(tmp_path / "two" / "run" / "manifest.json")
    assert manifest["processes"] == 2
    assert manifest["micro_batch_size"] == 2
    assert manifest["tokens"] == read_json(tmp_path / "one" / "run" / "manifest.json")["tokens"]


def test_two_processes_killed_and_started_again_end_in_the_same_bytes(corpora, undisturbed, tmp_path):
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    process = subprocess.Popen(
        [*launch, *command(LONG, corpora, tmp_path)[1:]], stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while newest(tmp_path) < 20 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    subprocess.run(["pkill", "-KILL", "-s", str(process.pid)], check=True)
    process.wait()
    assert 20 <= newest(tmp_path) < 600
    done = torchrun(LONG, corpora, tmp_path)
    assert done.returncode == 0, done.stderr
    assert same_weights(tmp_path / "run", undisturbed)
    pd.testing.assert_frame_equal(metrics(tmp_path / "run"), metrics(undisturbed), check_exact=True)


def test_two_processes_told_to_stop_save_the_same_step(corpora, undisturbed, tmp_path):
    """SIGTERM to torchrun, as a scheduler sends it; no checkpoint was due."""
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    options = ("--checkpoint-seconds", "1000", "--out", str(tmp_path / "run"))
    process = subprocess.Popen(
        [*launch, *command(LONG, corpora, tmp_path, *options)[1:]], stderr=subprocess.PIPE, text=True
    )
    said = ""
    while "step/s" not in said:  # the first line of progress
        line = process.stderr.readline()
        assert line, said
        said += line
    process.terminate()
    said += process.communicate(timeout=60)[1]
    saved = newest(tmp_path)
    assert process.returncode != 0
    assert 0 < saved < 600
    assert f"error: stopped by SIGTERM after step {saved} of 600, which is saved" in said
    done = torchrun(LONG, corpora, tmp_path, *options)
    assert done.returncode == 0, done.stderr
    assert read_json(tmp_path / "run" / "manifest.json")["resumed_from"] == [saved]
    assert same_weights(tmp_path / "run", undisturbed)


def test_a_batch_is_shared_evenly_or_refused(corpora, tmp_path):
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
