"""Scripts in processes of their own, which can be killed: forked from one that has imported PyTorch already.

What they do is what ``python scripts/train.py …`` does, without the seconds that its imports take.
"""

import multiprocessing
import os
import runpy
import sys
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import phasemix.tasks.synbio.task
import phasemix.tasks.text.task  # noqa: F401 (nobody who is forked needs to import what stands here)
from phasemix.study.cell import Cell
from phasemix.training.train_cell import Data

SCRIPTS = Path(__file__).parent.parent.parent / "scripts"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
PATIENCE = 120.0
PEAK = "peak of memory, in KiB:"


@dataclass
class Script:
    """A script that runs, or has run; what it says goes into the file ``log``."""

    process: BaseProcess
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def wait(self) -> int:
        """Its exit code; negative, the signal that killed it."""
        self.process.join(PATIENCE)
        assert self.process.exitcode is not None, self.said
        return self.process.exitcode

    def until(self, happened: Any) -> None:
        """Wait until ``happened()``, or it ended."""
        deadline = time.monotonic() + PATIENCE
        while not happened() and self.process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.002)


def start(script: str, *arguments: str, log: Path, **limits: int) -> Script:
    """Start ``scripts/<script>.py`` with arguments; ``limits`` are names of :mod:`resource` and bytes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    process = FORKS.Process(target=_run, args=(str(SCRIPTS / f"{script}.py"), list(arguments), str(log), limits))
    process.start()
    return Script(process, log)


def run(script: str, *arguments: str, log: Path, **limits: int) -> Script:
    """The same, to its end."""
    found = start(script, *arguments, log=log, **limits)
    found.wait()
    return found


def peak(script: str, *arguments: str, log: Path) -> int:
    """Run it to its end; the kibibytes that its process had at most.

    By its own account: what ``wait4`` reports of a child includes its parent's.
    """
    found = run(script, *arguments, log=log)
    assert found.process.exitcode == 0, found.said
    return int(found.said.splitlines()[-1].removeprefix(PEAK))


def arguments_of(cell: Cell, data: Data, folder: Path, *options: str) -> list[str]:
    """What ``scripts/train.py`` is told to train a cell in ``folder``; by default, with checkpoints at every step."""
    folders = vars(data) | {"checkpoints": folder / "checkpoints"}
    options = options or ("--checkpoint-seconds", "0", "--out", str(folder / "run"))
    return [
        "--cell",
        cell.model_dump_json(),
        *(part for name, path in folders.items() for part in (f"--{name}", str(path))),
        *options,
    ]


def _run(path: str, arguments: list[str], log: str, limits: dict[str, int]) -> None:
    import resource

    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(file, stream)
    for name, size in limits.items():
        resource.setrlimit(getattr(resource, name), (size, size))
    sys.argv = [path, *arguments]
    runpy.run_path(path, run_name="__main__")
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    print(PEAK, status.partition("VmHWM:")[2].split()[0])
