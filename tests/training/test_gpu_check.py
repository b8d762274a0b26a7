"""The check of a GPU, by what of it a CPU can show: real cells, trained as it trains them."""

import dataclasses
import subprocess
import sys

import pytest
import torch

from phasemix.base import cuda
from phasemix.base.errors import PhasemixError
from phasemix.training import gpu_check
from phasemix.training.gpu_check import GpuCheck, Training, with_recipe
from tests.conftest import small_cell
from tests.training import processes

pytestmark = pytest.mark.xdist_group("torchrun")
CPU = torch.device("cpu")
CELL = small_cell(recipe={"precision": "float32", "tokens": 60 * 4 * 32, "evaluation_points": 1})


class Process:
    """A training in forked processes."""

    def __init__(self, arguments, log, count, cpu):
        assert cpu  # on a machine with a GPU, too
        log.unlink(missing_ok=True)
        line = (arguments, log)
        self._script = self.launch(count, "train", *arguments, log=log) if count > 1 else self.begin(*line)
        self.wait = self._script.wait
        self.alive = self._script.process.is_alive

    launch = staticmethod(processes.torchrun)

    def begin(self, arguments, log):
        return processes.start("train", *arguments, log=log)

    def kill(self):
        self._script.process.kill()
        self._script.process.join()


class OtherSeed(Process):
    """Trains another cell than it is told to, but for the first, that of the CPU."""

    def begin(self, arguments, log):
        if log.parent.name != "cpu":
            arguments = [part.replace('"seed":0', '"seed":1', 1) for part in arguments]
        return super().begin(arguments, log)


def check_of(start, data, folder):
    return GpuCheck(
        start, data, folder, device=CPU, small=CELL, large=with_recipe(CELL, precision="auto"), together=(2,)
    )


def test_every_line_of_a_sound_machine_is_good_or_not_judged(data, tmp_path):
    lines = {line.name: line for line in check_of(Process, data, tmp_path).checks()}
    judged = ["float32 equals the CPU", "bfloat16 equals the CPU", "resumed", "two that share parameters"]
    assert [name for name, line in lines.items() if line.good] == judged
    assert not [line for line in lines.values() if line.good is False or line.advice]
    assert "differ by 0.0e+00 at most" in lines["float32 equals the CPU"].found
    assert lines["resumed"].found.endswith("started again: the same weights, bit for bit")
    assert "with micro-batches of 4 rows" in lines["memory of tiny"].found
    assert "tokens/s" in lines["speed of tiny"].found
    assert "2: " in lines["small cells at once"].found


def test_losses_that_are_not_the_cpus_fall_short(data, tmp_path):
    lines = check_of(OtherSeed, data, tmp_path).checks()
    next(lines)
    line = next(lines)
    assert line.good is False
    assert "of 0.001 allowed" in line.found
    assert "try the version that envs/lock.txt pins" in line.advice


def test_a_cell_that_fails_is_named_with_what_it_said(data, tmp_path):
    nowhere = dataclasses.replace(data, corpora=tmp_path / "nowhere")
    with pytest.raises(PhasemixError, match=r"the cell 'cpu' of this check failed: .*nowhere"):
        list(check_of(Process, nowhere, tmp_path).checks())


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """A training on an A100 as its files tell of it."""
    found = Training(tmp_path, "100 steps")
    monkeypatch.setattr(Training, "tokens_per_second", 400_000.0)
    monkeypatch.setattr(Training, "vocabulary", 1024)
    monkeypatch.setattr(gpu_check, "device_name", lambda device: "NVIDIA A100-SXM4-80GB")
    monkeypatch.setattr(cuda, "all_bytes", lambda device: 80 * 10**9)
    manifest = {"precision": "bfloat16", "peak_bytes": 12 * 10**9, "micro_batch_size": 8}
    monkeypatch.setattr(Training, "manifest", manifest)
    return found


def on_gpu(data, folder):
    large = gpu_check.large_cell(CELL.sources, "synbio", "web")
    return GpuCheck(Process, data, folder, device=torch.device("cuda", 0), small=CELL, large=large, together=(1,))


def test_speed_is_judged_by_the_peak_of_the_gpu(data, tmp_path, trained, monkeypatch):
    check = on_gpu(data, tmp_path)
    # 12 layers of 768, a head of 1,024 × 768, context 2,048: 741 million FLOPs a token.
    line = check._speed(trained)
    assert line.good
    assert "400,000 tokens/s, 296 TFLOP/s in bfloat16, 95% of its peak of 312" in line.found
    monkeypatch.setattr(Training, "tokens_per_second", 100_000.0)
    line = check._speed(trained)
    assert line.good is False
    assert line.advice.startswith("raise micro_batch_size")


def test_as_many_small_cells_as_raise_the_throughput_are_advised():
    line = gpu_check.at_once({1: 1_000_000.0, 2: 1_900_000.0, 4: 2_800_000.0, 8: 2_900_000.0})
    assert line.found == "tokens/s together, by how many: 1: 1,000,000, 2: 1,900,000, 4: 2,800,000, 8: 2,900,000"
    assert "set gpu: 4 in profiles/gpu/config.yaml" in line.advice
    assert gpu_check.at_once({1: 1_000_000.0, 2: 1_050_000.0}).advice == ""


def test_memory_and_a_micro_batch_that_was_halved_are_told(data, tmp_path, trained):
    line = on_gpu(data, tmp_path)._memory(trained)
    assert (line.found, line.good) == ("12.0 GB of 80 with micro-batches of 8 rows", None)
    trained.manifest["micro_batch_size"] = 4
    line = on_gpu(data, tmp_path)._memory(trained)
    assert "micro-batches of 4 rows, as 8 did not fit" in line.found
    assert "nvidia-smi" in line.advice


def test_a_step_that_was_not_compiled_falls_short_with_its_reason(data, tmp_path, trained):
    assert on_gpu(data, tmp_path)._compiled(trained).good
    said = "warning: the training step runs eagerly, which is slower: Cannot find a working triton installation"
    line = on_gpu(data, tmp_path)._compiled(dataclasses.replace(trained, said=said))
    assert line.good is False
    assert line.found.endswith("Cannot find a working triton installation")
    assert "g++" in line.advice


def test_without_a_gpu_the_script_says_so_in_one_line():
    line = [sys.executable, "scripts/gpu_check.py"]
    done = subprocess.run(
        line, capture_output=True, text=True, check=False, env={"PYTHONPATH": ".", "CUDA_VISIBLE_DEVICES": "-1"}
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: PyTorch ")
    assert "sees no GPU" in done.stderr
    assert done.stderr.count("\n") == 1
