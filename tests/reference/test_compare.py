"""A run of one's own against the reference: identical, within seed noise, or beyond; and what is kept of a run."""

import json

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.reference.compare import compare_cells, compare_ledgers, describe, seed_noise
from phasemix.reference.keep import judge_kept, keep


def cells(**columns):
    """Two ratios with three seeds each: accuracies .10 ± .01 and .50 ± .03, losses all 2."""
    table = {
        "size": ["58k"] * 6,
        "ratio": [0.1] * 3 + [0.2] * 3,
        "seed": [0, 1, 2] * 2,
        "parameters": [58000] * 6,
        "diverged": [False] * 6,
        "loss.web": [2.0] * 6,
        "accuracy.synbio": [0.09, 0.10, 0.11, 0.47, 0.50, 0.53],
    }
    return pd.DataFrame(table | columns)


@pytest.fixture
def files(tmp_path):
    def write(own, reference):
        paths = tmp_path / "own.csv", tmp_path / "reference.csv"
        for path, table in zip(paths, (own, reference)):
            table.to_csv(path, index=False)
        return paths

    return write


def test_noise_is_pooled_over_seeds():
    expected = np.sqrt((0.01**2 + 0.03**2) / 2)
    assert seed_noise(cells(), ["size", "ratio", "seed"], "accuracy.synbio") == pytest.approx(expected)
    one_seed = cells().query("seed == 0")
    assert np.isnan(seed_noise(one_seed, ["size", "ratio", "seed"], "accuracy.synbio"))


def test_an_equal_run_is_identical(files):
    compared = compare_cells(*files(cells(), cells()))
    assert set(compared.cells["standing"]) == {"identical"}
    assert not compared.missing
    assert "12 numbers identical" in describe("transition", compared)


def test_differences_are_measured_by_the_noise_of_two_seeds(files):
    noise = np.sqrt((0.01**2 + 0.03**2) / 2)
    limit = 2.576 * np.sqrt(2) * noise
    accuracies = np.array([0.09, 0.10, 0.11, 0.47, 0.50, 0.53])
    accuracies[0] += 0.98 * limit
    accuracies[5] -= 1.02 * limit
    compared = compare_cells(*files(cells(**{"accuracy.synbio": accuracies}), cells()))
    rows = compared.cells.query("number == 'accuracy.synbio'")
    assert rows["standing"].tolist() == ["within seed noise", *["identical"] * 4, "beyond"]
    assert "beyond: size 58k, ratio 0.2, seed 2: accuracy.synbio" in describe("transition", compared)
    losses = compare_cells(*files(cells(**{"loss.web": [2.001] + [2.0] * 5}), cells())).cells
    assert losses.query("number == 'loss.web'")["standing"].tolist()[0] == "beyond"  # seeds agree exactly, so any is


def test_unknown_noise_is_said(files):
    one = cells().query("seed == 0")
    other = one.assign(**{"accuracy.synbio": [0.2, 0.6]})
    compared = compare_cells(*files(other, one))
    assert set(compared.cells.query("number == 'accuracy.synbio'")["standing"]) == {"noise unknown"}


def test_cells_that_one_run_lacks_are_named(files):
    compared = compare_cells(*files(cells().iloc[:5], cells().iloc[1:]))
    assert set(compared.missing) == {"58k, 0.2, 2: in the reference only", "58k, 0.1, 0: in your run only"}
    with pytest.raises(PhasemixError, match="has no cell in common"):
        compare_cells(*files(cells().assign(size="39k"), cells()))
    with pytest.raises(PhasemixError, match="is not there; run the experiment first"):
        compare_cells(files(cells(), cells())[0].with_name("none.csv"), files(cells(), cells())[1])


def test_claims_with_another_verdict(tmp_path):
    columns = ["id", "statement", "published", "criterion", "measured", "verdict", "experiments"]
    for name, verdict in (("own", "partly"), ("reference", "reproduced")):
        rows = [["A-Fig 1", "s", "p", "c", name, verdict, "a"], ["A-Fig 2", "s", "p", "c", name, "not tested", ""]]
        rows += [["A-Fig 3", "s", "p", "c", name, verdict, name]]  # judged by other experiments
        pd.DataFrame(rows, columns=columns).to_csv(tmp_path / f"{name}.csv", index=False)
    found = compare_ledgers(tmp_path / "own.csv", tmp_path / "reference.csv")
    assert found[["id", "reference", "own"]].to_numpy().tolist() == [["A-Fig 1", "reproduced", "partly"]]


def test_what_is_kept_is_small_and_says_where_it_comes_from(tmp_path):
    results, reference = tmp_path / "results", tmp_path / "reference"
    tables, figures = results / "tables/transition", results / "figures/transition"
    for folder in (tables, figures, results / "sections"):
        folder.mkdir(parents=True)
    cells().to_csv(tables / "cells.csv", index=False)
    (tables / "large.csv").write_text("x" * 1_000_001)
    (tables / "people.parquet").write_bytes(b"x")
    (figures / "a.png").write_bytes(b"x" * 2_000)
    facts = {"git_commits": ["abc"], "processors": ["P"], "gpus": [[]], "versions": [{"torch": "2"}]}
    facts |= {"cells": 6, "tokens": 10, "trained_tokens": 10, "core_hours": 0.5}
    (tables / "facts.json").write_text(json.dumps(facts))
    with pytest.raises(PhasemixError, match="the experiment is not finished"):
        keep(results, "transition", "laws", reference)
    (results / "sections/transition.html").write_text("<p>")
    for name, seconds in (
        ("train/transition/size=58k", 2.5),
        ("train/transition/size=39k", 1.0),
        ("train/transition/size=23k", 100.0),  # of an earlier grid
        ("draw/transition/a_fig_1", 2.0),
        ("cells/transition", 3),
    ):
        file = results / "benchmarks" / f"{name}.tsv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"s\tmax_rss\n{seconds}\t1\n")
    keep(results, "transition", "laws", reference, cells=["size=39k", "size=58k"])
    judge_kept(reference)
    kept = {str(path.relative_to(reference)) for path in reference.rglob("*") if path.is_file()}
    names = {"tables/cells.csv", "tables/facts.json", "figures/a.png", "run.json"}
    assert kept == {"README.md", "ledger.csv", *(f"transition/{name}" for name in names)}
    run = json.loads((reference / "transition/run.json").read_text())
    assert (run["kind"], run["commit"], run["machine"]["processor"], run["cells"]) == ("laws", ["abc"], ["P"], 6)
    assert run["seconds"] == {"cells": 3.0, "draw": 2.0, "train": 3.5}
