"""What code and configuration were when a workflow started; a job runs no other."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from phasemix.base import sources as sources_module
from phasemix.base.errors import PhasemixError
from phasemix.base.sources import SNAPSHOT, fingerprint
from phasemix.study import snapshot
from phasemix.study.overlays import load
from phasemix.study.snapshot import take_snapshot
from phasemix.training.modules import cell_modules
from tests.conftest import ROOT, merged, small_cell

CONFIG = merged("config.yaml", "scales/smoke.yaml")
CELL = cell_modules(["synbio", "text"], small_cell().mixture)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the package and the scripts, of which snapshots are taken, in an empty folder."""
    for name in ("phasemix", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sources_module, "FOLDER", tmp_path / "copy" / "phasemix")
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path / "copy" / "phasemix")
    monkeypatch.delenv(SNAPSHOT, raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    sources_module._imports.cache_clear()
    yield tmp_path / "copy"
    sources_module._imports.cache_clear()
    os.environ.pop(SNAPSHOT, None)


def edit(path):
    path.write_text(path.read_text() + "\n# edited\n")


def code(*modules, script="scripts/train.py"):
    """What a job is told of its code by a snapshot that is taken now."""
    os.environ.pop(SNAPSHOT, None)
    return take_snapshot(load(CONFIG)).code(script, *modules)


def test_code_names_what_defines_a_result_and_its_fingerprint(checkout):
    found = code(*CELL)
    names, _, expected = found.partition("@")
    assert names.split("+") == ["scripts/train.py", *CELL]
    assert expected == fingerprint("scripts/train.py", *CELL)


@pytest.mark.parametrize(
    "edited",
    [
        "scripts/train.py",
        "phasemix/training/loop.py",
        "phasemix/corpora/mixture.py",
        "phasemix/tasks/synbio/orders.py",
        "phasemix/tasks/text/task.py",
        "phasemix/model/kernels.py",
    ],
)
def test_an_edit_of_what_defines_a_cell_changes_its_code(checkout, edited):
    before = code(*CELL)
    edit(checkout / edited)
    assert code(*CELL) != before


@pytest.mark.parametrize(
    "edited",
    [
        "scripts/corpus.py",
        "phasemix/cli.py",
        "phasemix/study/config.py",
        "phasemix/study/checks.py",
        "phasemix/tasks/synbio/corpus.py",
        "phasemix/tasks/text/texts.py",
        "phasemix/controllers/exponentiated_gradient.py",
        "phasemix/evaluation/evaluate_cell.py",
        "phasemix/planning/cost.py",
        "phasemix/tasks/synbio/spec.py",
        "phasemix/training/progress.py",
        "phasemix/training/heartbeat.py",
    ],
)
def test_an_edit_of_anything_else_does_not(checkout, edited):
    before = code(*CELL)
    edit(checkout / edited)
    assert code(*CELL) == before


def test_other_processes_of_a_workflow_see_the_code_that_it_started_with(checkout):
    before = code(*CELL)
    assert Path(os.environ[SNAPSHOT]).is_file()
    edit(checkout / "phasemix/training/loop.py")
    later = take_snapshot(load(CONFIG))
    assert later.code("scripts/train.py", *CELL) == before
    assert fingerprint("scripts/train.py", *CELL) != before.partition("@")[2]


def test_a_file_that_is_new_since_is_an_edit(checkout):
    taken = take_snapshot(load(CONFIG))
    before = taken.code("scripts/train.py", *CELL)
    (checkout / "phasemix/training/extra.py").write_text('"""New."""\n')
    loop = checkout / "phasemix/training/loop.py"
    loop.write_text(loop.read_text() + "\nfrom phasemix.training import extra\n")
    sources_module._imports.cache_clear()
    assert taken.code("scripts/train.py", *CELL) == before
    found = take_snapshot(load(CONFIG)).code("scripts/train.py", *CELL)  # in another process
    assert found != before
    assert found.partition("@")[2] != fingerprint("scripts/train.py", *CELL)  # so that no such job starts


def test_the_same_code_and_configuration_have_one_snapshot(checkout):
    first, second = code(*CELL), code(*CELL)
    assert first == second
    assert len(list(Path(".snakemake/phasemix").iterdir())) == 1
    assert json.loads(Path(os.environ[SNAPSHOT]).read_text()).keys() == {"config", "files"}


def test_a_configuration_that_changed_meanwhile_is_refused(checkout):
    take_snapshot(load(CONFIG))
    take_snapshot(load(CONFIG))
    with pytest.raises(
        PhasemixError, match="the configuration was changed while the workflow ran: this job is not run"
    ):
        take_snapshot(load(CONFIG | {"seed": 1}))


SAY = "print('started')\n"


def launched(checkout, told, program=SAY):
    """What ``scripts/launch.py --code`` does with a program, which by default says that it was started."""
    (checkout / "say.py").write_text(program)
    line = [sys.executable, "scripts/launch.py", "--code", told, "say.py"]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    return subprocess.run(line, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def test_a_job_starts_only_with_the_code_that_it_was_told_of(checkout):
    told = code(*CELL)
    done = launched(checkout, told)
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")
    edit(checkout / "phasemix/cli.py")
    assert launched(checkout, told).stdout == "started\n"
    edit(checkout / "phasemix/training/loop.py")
    done = launched(checkout, told)
    assert (done.returncode, done.stdout) == (1, "")
    told_of = "phasemix/training/loop.py, which defines what scripts/train.py does, was edited while the workflow ran"
    assert done.stderr.startswith(f"error: {told_of}")
    assert done.stderr.count("\n") == 1
    assert launched(checkout, "").stdout == "started\n"


def test_code_that_is_edited_while_a_job_imports_it_is_not_run(checkout):
    """Importing PyTorch takes seconds, after the first look at the code."""
    program = [
        "from pathlib import Path",
        "from phasemix.base.errors import run",
        "path = Path('phasemix/training/loop.py')",
        "path.write_text(path.read_text() + '# edited')",
        "run(lambda: print('run'))",
    ]
    done = launched(checkout, code(*CELL), "\n".join(program))
    assert (done.returncode, done.stdout) == (1, "")
    assert "phasemix/training/loop.py, which defines what scripts/train.py does, was edited" in done.stderr


def test_a_file_that_is_being_edited_has_another_fingerprint(checkout):
    before = code(*CELL)
    (checkout / "phasemix/training/loop.py").write_text("def half(")
    assert code(*CELL) != before
