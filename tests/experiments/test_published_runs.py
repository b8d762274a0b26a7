"""Published runs: taken only as pinned, brought into the format, and what laws make of them."""

import os
import re
import subprocess
import sys
import urllib.error
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv, write_json
from phasemix.experiments.published_runs import regmix
from phasemix.experiments.published_runs.comparisons import compare_published, split
from phasemix.experiments.published_runs.spec import COMPARISONS
from phasemix.laws import NAMES, load_law
from phasemix.report.section import section
from tests.conftest import ROOT

FOLDER = os.environ.get("PHASEMIX_PUBLISHED")
here = pytest.mark.skipif(not FOLDER, reason="PHASEMIX_PUBLISHED names no folder of published runs")


@pytest.fixture(scope="module")
def tables():
    return regmix.tables(Path(FOLDER))


def test_without_a_network_or_the_folder_it_is_one_line(monkeypatch, tmp_path):
    asked = []

    def refuse(url, timeout):
        asked.append(url)
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    with pytest.raises(PhasemixError, match=r"cannot be read \(.*no route to host.*\); is there a network\?"):
        regmix.tables(None)
    assert regmix.COMMIT in asked[0]
    with pytest.raises(PhasemixError, match=r"train_mixture_1m\.csv: cannot be read"):
        regmix.tables(tmp_path)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "regmix").mkdir()
    for name in regmix.SHA256:
        (tmp_path / "regmix" / name).write_text("index,x\n1,2\n")
    with pytest.raises(PhasemixError, match=r"train_mixture_1m\.csv: is not the file that was pinned: its SHA-256 is"):
        regmix.tables(tmp_path)


@here
def test_the_tables(tables):
    assert {name: len(table) for name, table in tables.items()} == {"1M": 512, "1M-test": 256, "60M": 256, "1B": 64}
    row = tables["1B"].iloc[0]
    assert (row["run"], row["size"], row["mix.arxiv"], row["loss.arxiv"]) == ("1B-0", 1e9, 0.123, 1.772475243)
    mixtures = [name for name in tables["1M"] if name.startswith("mix.")]
    assert len(mixtures) == 17
    assert np.abs(tables["1M"][mixtures].sum(axis=1) - 1).max() < 0.01


@here
def test_splits(tables):
    sizes = {name: [(len(a), len(b)) for a, b in split(name, tables, 4, 0)] for name in COMPARISONS}
    assert sizes["1M-to-1M"] == sizes["1M-to-60M"] == [(512, 256)]
    assert sizes["1B-folds"] == [(48, 16)] * 4
    assert sizes["1M-60M-to-1B"] == [(1024, 64)]
    train, test = split("1M-60M-to-1B", tables, 4, 0)[0]
    assert set(train.size) == {1e6, 6e7}
    assert set(test.size) == {1e9}


@here
def test_published_numbers(tables):
    """LightGBM ranks at 1M as published (97–99.8 a domain); the best law at 1B beats the best published one."""
    trees = compare_published("1M-to-1M", tables, [load_law("regmix-lightgbm")], count=8, seed=0).table
    assert trees["spearman"].mean() >= 0.97
    assert trees["spearman"].min() >= 0.96
    best = compare_published("1B-folds", tables, [load_law("transfer")], count=8, seed=0)
    assert best.summary["mean_relative_error"][0] <= 0.0153


def test_the_page(tmp_path):
    for name in COMPARISONS:
        rows = [
            (law, domain, 0.01 * (i + 1), 0.9, 0.95, 20, 57, 64, 0.1)
            for i, law in enumerate(("transfer", "kriging", "exponential"))
            for domain in ("arxiv", "pile_cc")
        ]
        columns = ["law", "domain", "mean_relative_error", "r2_log", "spearman", "n_parameters", "n_train", "n_test"]
        write_csv(tmp_path / f"{name}.csv", pd.DataFrame(rows, columns=[*columns, "seconds"]))
        write_json(tmp_path / f"{name}.notes.json", ["left out: bimix needs a column step with more than one value"])
    options = {"folds": 8}
    page = section("published_runs", "regmix", tables=tmp_path, figures=sorted(tmp_path.glob("*.svg")), options=options)
    assert page.count("Left out: bimix needs") == len(COMPARISONS)
    assert "1.53 %" in page
    assert "2.96 %" in page
    assert "6.48 %" in page
    assert "<td><b>1.00</b></td>" in page
    assert all(law.source.split(";")[0].split(",")[0] in page for law in map(load_law, NAMES))


@pytest.mark.parametrize(
    "line",
    [
        "published_runs.py --out /proc/none",
        "published_comparison.py --comparison 1B-folds --runs r --folds 8 --seed 0 --notes n --table /proc/none/t.csv",
    ],
)
def test_scripts_refuse_paths_that_cannot_be_written_in_one_line(line, tmp_path):
    script, *arguments = line.split()
    command = [sys.executable, ROOT / "scripts" / script, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"error: --(out|table) /proc/none/.*: cannot be written: .*\n", done.stderr)
