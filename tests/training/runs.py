"""Cells trained in small, in this process or in others, and what they leave."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from phasemix.base.files import sha256
from phasemix.study.cell import Cell
from phasemix.training.loop import Run
from phasemix.training.train_cell import Data, run_cell, run_trunk
from tests.training.processes import arguments_of, start


class Killed(Exception):
    """A run ends here, as if its process were gone."""


def run(cell: Cell, data: Data, folder: Path, **options: Any) -> Path:
    """Train a cell here; the folder of its run."""
    run_cell(cell, data, run=folder / "run", checkpoints=folder / "checkpoints", **options)
    return folder / "run"


def trunk_of(cell: Cell, data: Data, folder: Path, start: Path | None = None, **options: Any) -> Path:
    """Train a trunk here; the file of its state."""
    run_trunk(cell, data, trunk=folder, start=start, checkpoints=folder / "checkpoints", **options)
    return folder / "state.pt"


def interrupt(monkeypatch: pytest.MonkeyPatch, step: int, train: Callable[[], Any]) -> None:
    """Train until a run has made so many steps, and end it there without a word."""
    real = Run.step

    def stopping(self: Run) -> None:
        if self.progress.step == step:
            raise Killed
        real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "step", stopping)
        with pytest.raises(Killed):
            train()


def exploding_at(step: int, monkeypatch: pytest.MonkeyPatch, *, before: bool) -> None:
    """Make weights NaN before or after the update of a step."""
    real = Run.step

    def exploding(self: Run) -> None:
        if before and self.progress.step == step - 1:
            self.held.groups[0][0].data.fill_(float("nan"))
        real(self)
        if not before and self.progress.step == step:
            self.held.groups[0][0].data.fill_(float("nan"))

    monkeypatch.setattr(Run, "step", exploding)


def own_checkpoints(folder: Path) -> None:
    """Keep the checkpoints of this process in ``folder/<rank>``, as on nodes that share no folder."""
    sys.argv += ["--checkpoints", str(folder / os.environ["RANK"])]


def weights(folder: Path) -> str:
    """The checksum of a run's weights."""
    return sha256(folder / "model" / "model.safetensors")


def metrics(folder: Path) -> pd.DataFrame:
    """The metrics of a run, but for how fast it was."""
    return pd.read_csv(folder / "metrics.csv").drop(columns="tokens_per_second")


def newest(folder: Path) -> int:
    """The step of the newest checkpoint."""
    return max((int(path.stem[5:]) for path in (folder / "checkpoints").glob("step-*.pt")), default=0)


def killed_at(steps: int, cell: Cell, data: Data, folder: Path, *options: str) -> int:
    """SIGKILL a training once a checkpoint of so many steps is there; its newest checkpoint's step."""
    script = start("train", *arguments_of(cell, data, folder, *options), log=folder / "log")
    script.until(lambda: newest(folder) >= steps)
    script.process.kill()
    script.wait()
    return newest(folder)
