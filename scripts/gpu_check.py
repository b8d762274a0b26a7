"""Check that this machine's GPU trains as it should, before a study does: python scripts/gpu_check.py.

It trains short cells on text that it invents, in some minutes, and prints a line for everything that it checks: "ok",
"FALLS SHORT", or nothing where nothing is judged, and under it what to do. docs/gpu.md explains the lines. It ends with
exit code 1 if anything falls short.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import torch

from phasemix.base import cuda
from phasemix.base.errors import PhasemixError, run
from phasemix.training.gpu_check import GpuCheck, Line, large_cell, small_cell, with_recipe
from phasemix.training.small_corpora import BASE, DENSE, SMALL, SOURCES, write_corpora

PEOPLE = 50
TOGETHER = (1, 2, 4, 8)  # small cells
VERDICTS = {True: "ok", False: "FALLS SHORT", None: ""}
TRAIN = str(Path(__file__).with_name("train.py"))
NONE_SEEN = (
    f"PyTorch {torch.__version__} sees no GPU: run nvidia-smi to see whether the driver does, and install a build of"
    " PyTorch for CUDA (https://pytorch.org/get-started); --device cpu checks what a CPU can show"
)


class Process:
    """A training in a process of its own, or in several that torchrun starts."""

    def __init__(self, arguments: list[str], log: Path, processes: int, cpu: bool) -> None:
        environment = dict(os.environ) | ({"CUDA_VISIBLE_DEVICES": "-1"} if cpu else {})
        several = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
        line = [sys.executable, *(several if processes > 1 else []), TRAIN, *arguments]
        self._log: IO[str] = log.open("w", encoding="utf-8")
        self._process = subprocess.Popen(line, env=environment, stdout=self._log, stderr=subprocess.STDOUT)

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        code = self._process.wait()
        self._log.close()
        return code

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        self._process.kill()
        self.wait()


def show(line: Line) -> None:
    """Print a line, and what to do."""
    print(f"{line.name:<28}{line.found}  {VERDICTS[line.good]}".rstrip(), flush=True)
    if line.advice:
        print(f"{'':<28}→ {line.advice}", flush=True)


def main() -> None:
    """Check, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="cpu: all that a CPU can show")
    args = parser.parse_args()
    gpu = args.device == "cuda"
    if gpu and not cuda.available():
        raise PhasemixError(NONE_SEEN)
    sources = SOURCES | {DENSE: SOURCES[DENSE] | {"values": SMALL.model_dump(mode="json")}}
    small = small_cell(sources, DENSE, BASE)
    large = large_cell(sources, DENSE, BASE) if gpu else with_recipe(small, precision="auto")
    with TemporaryDirectory() as name:
        folder = Path(name)
        data, device = write_corpora(folder, PEOPLE), torch.device(args.device, *([0] if gpu else []))
        together = TOGETHER if gpu else TOGETHER[:2]
        check = GpuCheck(Process, data, folder, device=device, small=small, large=large, together=together)
        short = 0
        for line in check.checks():
            show(line)
            short += line.good is False
    if short:
        raise PhasemixError(f"{short} of these fall short; what to do stands below each")


if __name__ == "__main__":
    run(main)
