"""Help and refusals do not wait for libraries that only the work needs."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import phasemix
from tests.laws.truth import truth

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(phasemix.__file__).parent.parent)}
SLOW = {"cvxpy", "lightgbm", "matplotlib", "scipy.stats", "torch"}


def loaded(*lines, folder, work=False):
    """The libraries that a process has loaded after some command lines, which all are refused, or all ``work``."""
    code = f"""
import contextlib, io, sys
from phasemix.base.errors import PhasemixError
from phasemix.cli import run
for line in {lines!r}:
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run(line.split())
    except (PhasemixError, SystemExit):
        worked = False
    else:
        worked = True
    if worked != {work}:
        raise AssertionError(line)
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_help_loads_no_library(tmp_path):
    found = loaded(
        "--help", "laws --help", "laws predict --help", "mix optimise --help", "wikibio build --help", folder=tmp_path
    )
    assert not found & (SLOW | {"numpy", "pandas", "scipy"})
    assert not [name for name in found if name.startswith("phasemix.laws.")]


def test_the_list_of_laws_loads_no_slow_library(tmp_path):
    found = loaded("laws fit --help", folder=tmp_path)
    assert "phasemix.laws.kriging" in found
    assert not found & SLOW


def test_refusals_load_no_slow_library(tmp_path):
    pd.DataFrame(truth("bimix", mixtures=3).runs.columns()).to_csv(tmp_path / "runs.csv", index=False)
    lines = [
        "laws fit none.csv --law bimix --out law.json",
        "laws fit runs.csv --law bimx --out law.json",
        "laws fit runs.csv --law bimix --out .",
        "laws predict none.json runs.csv --out predicted.csv",
        "laws compare runs.csv --holdout size --out table.csv",
        "mix optimise runs.csv",
        "wikibio build --wikidata none.json.gz --work work",
    ]
    assert not loaded(*lines, folder=tmp_path) & SLOW


@pytest.mark.parametrize("module", ["phasemix.laws", "phasemix.experiments.laws.spec"])
def test_planning_imports_no_law(module):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert not found & {"pandas", "scipy"}
    assert not [name for name in found if name.startswith("phasemix.laws.")]


def test_planning_a_contest_loads_all_mixers_and_no_library_that_they_choose_with():
    """Every dry run, plan and status reads which runs mixers ask for."""
    code = (
        "import sys, phasemix.experiments.mixers.spec\n"
        "from phasemix.mixers import NAMES, load_mixer\n"
        "[load_mixer(name) for name in NAMES]\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert "phasemix.mixers.duet" in found
    assert not found & (SLOW | {"botorch", "pandas", "scipy", "sklearn"})


def test_the_laws_need_nothing_of_the_workflow(tmp_path):
    """What pyproject.toml names under the extra ``workflow`` is loaded by no command."""
    root = Path(phasemix.__file__).parent.parent
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    names = {re.split(r"[<>=]", name)[0].replace("-", "_") for name in extras["workflow"]}
    modules = {"pyyaml": "yaml"}
    pd.DataFrame(truth("bimix", mixtures=8).runs.columns()).to_csv(tmp_path / "runs.csv", index=False)
    lines = [
        "laws compare runs.csv --laws bimix regmix-lightgbm --out table.csv",
        "laws fit runs.csv --law bimix --out law.json",
        "laws predict law.json runs.csv --out predictions.csv",
        "laws plot law.json --out pictures",
        "mix optimise law.json --bootstrap 0 --out best.json",
        "mix plot best.json --out pictures",
        "completion bash",
    ]
    found = {modules.get(name, name) for name in names} & loaded(*lines, folder=tmp_path, work=True)
    assert found <= {"jinja2", "zstandard"}  # which other libraries load where they are there: OSQP, pandas


def test_pictures_need_no_templates():
    """The laws alone bring none; a solver may, by itself."""
    code = "import sys, phasemix.plots.optimum; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert "jinja2" not in done.stdout.split()
