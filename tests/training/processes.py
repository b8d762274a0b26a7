"""Scripts in processes of their own, which can be killed: forked from one that has imported PyTorch already.

What they do is what ``python scripts/train.py …`` does, without the seconds that its imports take.
"""

import multiprocessing
import os
import resource
import runpy
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from torch.distributed.launcher.api import LaunchConfig, elastic_launch

import phasemix.tasks.synbio.task
import phasemix.tasks.text.task
import phasemix.training.sharded  # noqa: F401 (nobody who is forked needs to import what stands here)
from phasemix.study.cell import Cell
from phasemix.training.train_cell import Data
from tests.patience import PATIENCE

SCRIPTS = Path(__file__).parent.parent.parent / "scripts"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
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


def torchrun(count: int, script: str, *arguments: str, log: Path, prepare: Callable[[], None] | None = None) -> Script:
    """Start ``scripts/<script>.py`` in ``count`` processes, by what ``torchrun`` itself calls.

    Each of them calls ``prepare`` first, which may change ``sys.argv``. The processes are a group of their own, so
    that all of them can be killed at once (:func:`kill_group`).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    path = str(SCRIPTS / f"{script}.py")
    process = FORKS.Process(target=_launch, args=(count, path, list(arguments), str(log), prepare))
    process.start()
    return Script(process, log)


def kill_group(script: Script) -> None:
    """SIGKILL to :func:`torchrun`'s process and all that it started, and wait until they are gone."""
    os.killpg(script.process.pid, signal.SIGKILL)
    script.wait()
    deadline = time.monotonic() + PATIENCE
    while _group(script.process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)


def _group(number: int | None) -> bool:
    """Whether a group of processes has any left."""
    try:
        os.killpg(number or 0, 0)
    except ProcessLookupError:
        return False
    return True


def _launch(count: int, path: str, arguments: list[str], log: str, prepare: Callable[[], None] | None) -> None:
    os.setpgid(0, 0)
    config = LaunchConfig(
        min_nodes=1, max_nodes=1, nproc_per_node=count, run_id=log, rdzv_backend="c10d", rdzv_endpoint="localhost:0",
        max_restarts=0, start_method="fork", monitor_interval=0.1,
    )  # fmt: skip
    _redirect(log)
    elastic_launch(config, _script)(path, arguments, prepare)


def _run(path: str, arguments: list[str], log: str, limits: dict[str, int]) -> None:
    _redirect(log)
    for name, size in limits.items():
        resource.setrlimit(getattr(resource, name), (size, size))
    _script(path, arguments)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    print(PEAK, status.partition("VmHWM:")[2].split()[0])


def _redirect(log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(file, stream)


def _script(path: str, arguments: list[str], prepare: Callable[[], None] | None = None) -> None:
    sys.argv = [path, *arguments]
    if prepare:
        prepare()
    runpy.run_path(path, run_name="__main__")
