"""A law is added by adding its file: nothing else in the package knows it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import phasemix
from tests.laws.truth import truth

LAW = '''
"""A law that takes no notice of the mixture."""

import numpy as np

from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric


class NoMixing(Parametric):
    equation = "L_i = c"
    source = "a test"

    def parameters(self, domains, axes):
        return (Parameter("c", 0, 1e6),)

    def evaluate(self, p, x):
        ones = np.ones((len(p), len(x.mixture)))
        return p * ones, ones[..., None]

    def expression(self, p, r, own, scale):
        return p[0] + 0 * r[0]

    def starts(self, x, y, u):
        return y[:, :1, None]


LAW = NoMixing()
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the package with one file more, and a table of runs."""
    folder = tmp_path_factory.mktemp("package")
    source = Path(phasemix.__file__).parent
    shutil.copytree(source, folder / "phasemix", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "phasemix/laws/no_mixing.py").write_text(LAW)
    pd.DataFrame(truth("regmix-linear", mixtures=12).runs.columns()).to_csv(folder / "runs.csv", index=False)
    return folder


def python(folder, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def phasemix_command(folder, line):
    return python(folder, "-m", "phasemix.cli", *line.split())


def test_it_is_listed_and_compared_with_the_others(folder):
    assert "no-mixing        L_i = c\n" in phasemix_command(folder, "laws fit --help")
    shown = phasemix_command(folder, "laws compare runs.csv --out comparison.csv")
    assert "no-mixing" in shown
    assert {"no-mixing", "regmix-linear"} < set(pd.read_csv(folder / "comparison.csv")["law"])


def test_it_is_fitted_and_its_file_predicts(folder):
    phasemix_command(folder, "laws fit runs.csv --law no-mixing --out law.json")
    phasemix_command(folder, "laws predict law.json runs.csv --out predicted.csv")
    phasemix_command(folder, "mix optimise law.json --bootstrap 0 --out optimum.json")
    runs, predicted = (pd.read_csv(folder / name) for name in ("runs.csv", "predicted.csv"))
    assert predicted["pred.a"].to_numpy() == pytest.approx(runs["loss.a"].mean())


def test_a_study_may_name_it(folder):
    read = "from phasemix.experiments.laws.spec import Spec; print(*Spec(kind='laws', runs='runs.csv').compared)"
    assert "no-mixing" in python(folder, "-c", read).split()
