"""``scripts/compile.py`` makes the step that cells then load, without PyTorch's compiler."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from phasemix.base.files import read_json
from phasemix.planning.steps import Step
from phasemix.training.engine import resolve_precision
from tests.conftest import small_cell
from tests.training import processes
from tests.training.conftest import ROWS, VOCABULARY
from tests.training.processes import arguments_of
from tests.training.runs import metrics, run, weights

pytestmark = pytest.mark.xdist_group("compiled")  # by one worker: compiling takes half a minute

SLOW = ("torch._inductor", "torch._dynamo", "sympy", "pandas", "transformers", "datasets")
LISTING = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
print(*sys.modules)
"""


def test_training_finds_the_step_that_the_script_made(compiled, data, tmp_path, capsys):
    found = run(small_cell(), data, tmp_path, compiled=compiled.folder)
    said = capsys.readouterr().err
    assert "compiling" not in said
    assert "eagerly" not in said
    precision = str(resolve_precision("auto", torch.device("cpu"))).removeprefix("torch.")
    assert read_json(found / "manifest.json")["precision"] == precision
    assert sorted(path.name for path in compiled.folder.glob("*.pt2")) == sorted(compiled.packages.values())


def test_a_training_process_that_finds_its_step_loads_no_compiler(compiled, data, tmp_path):
    """Nor other libraries that take seconds, from its first line to its last."""
    options = ("--compiled", str(compiled.folder), "--out", str(tmp_path / "run"))
    line = [sys.executable, "-c", LISTING, "scripts/train.py", *arguments_of(small_cell(), data, tmp_path, *options)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "phasemix.training.loop" in loaded
    assert not [name for name in loaded if name.startswith(SLOW)]
    assert (tmp_path / "run" / "manifest.json").exists()


def test_the_compiled_step_trains_like_the_eager_one_and_is_exact(compiled, data, uninterrupted, tmp_path):
    cell = small_cell()
    found = [run(cell, data, tmp_path / name, compiled=compiled.folder) for name in ("one", "two")]
    assert weights(found[0]) == weights(found[1])
    eager = metrics(uninterrupted)
    assert np.allclose(metrics(found[0])["train_loss"], eager["train_loss"], rtol=5e-3)
    off = run(small_cell(recipe={"compile": False}), data, tmp_path / "off", compiled=compiled.folder)
    assert weights(off) == weights(uninterrupted)


def test_where_nothing_can_be_compiled_the_script_says_so_and_cells_run_eagerly(tmp_path, monkeypatch):
    step = Step(
        architecture=small_cell().architecture,
        vocabulary=VOCABULARY,
        context=16,
        batch_size=ROWS,
        micro_batch_size=None,
        precision="float32",
    )
    options = ("--step", step.model_dump_json(), "--compiled", str(tmp_path), "--out", str(tmp_path / "step.json"))
    wrapper = tmp_path / "without_compiler.py"
    wrapper.write_text(
        "import os, runpy\nos.environ['CXX'] = 'no-such-compiler'\n"
        f"runpy.run_path({str(processes.SCRIPTS / 'compile.py')!r}, run_name='__main__')\n"
    )
    done = processes.run(str(wrapper.with_suffix("")), *options, log=tmp_path / "log")
    assert done.process.exitcode == 0
    assert "the training step runs eagerly, which is slower: there is no C++ compiler" in done.said
    assert read_json(tmp_path / "step.json") == {"package": None}
