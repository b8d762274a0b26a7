"""A finished run, an interrupted one, and compiled steps, for all tests of training."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from phasemix.base.files import read_json
from phasemix.model.gpt_neox import Dimensions, GPTNeoX
from phasemix.planning.steps import Step
from phasemix.training.engine import package_path
from tests.conftest import small_cell
from tests.training import processes
from tests.training.runs import interrupt, run

VOCABULARY, ROWS = 400, 4  # of the fixture `data` and of small cells


@pytest.fixture(scope="session")
def uninterrupted(data, tmp_path_factory):
    """The small cell, trained."""
    return run(small_cell(), data, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def interrupted(data, tmp_path, monkeypatch):
    """A folder in which the small cell stopped at step 31, with checkpoints at 29 and 30."""
    interrupt(monkeypatch, 30, lambda: run(small_cell(), data, tmp_path, checkpoint_seconds=0))
    assert sorted(path.name for path in (tmp_path / "checkpoints").glob("step-*")) == [
        "step-000000029.pt",
        "step-000000030.pt",
    ]
    return tmp_path


@dataclass(frozen=True)
class Compiled:
    """A folder of compiled steps, and by precision what ``scripts/compile.py`` said and which package it names."""

    folder: Path
    said: dict[str, str]
    packages: dict[str, str]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """The small cell's step, compiled by the script; that in bfloat16 where a damaged package stands."""
    folder = tmp_path_factory.mktemp("compiled")
    step = {"architecture": small_cell().architecture, "vocabulary": VOCABULARY, "context": 32}
    step |= {"batch_size": ROWS, "micro_batch_size": None}
    model = GPTNeoX(Dimensions.of(step["architecture"], VOCABULARY, 32))
    package_path(model, ROWS, torch.bfloat16, folder).write_bytes(b"PK damaged")
    said, packages = {}, {}
    for precision in ("float32", "bfloat16"):
        json, report = Step(**step, precision=precision).model_dump_json(), folder / f"{precision}.json"
        options = ("--step", json, "--compiled", str(folder), "--out", str(report))
        script = processes.run("compile", *options, log=folder / f"{precision}.log")
        assert script.process.exitcode == 0, script.said
        said[precision], packages[precision] = script.said, read_json(report)["package"]
    return Compiled(folder, said, packages)
