"""The generic tables, from runs and evaluations worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json, write_rows
from phasemix.experiments.cells_table import Cells, write_cells
from phasemix.fitting.runs_table import read_runs
from phasemix.study.cell_key import CellKey

SOURCES = ("synbio", "web")
MANIFEST = {
    "cell": {"recipe": {"tokens": 100}}, "data": {"web": "0"}, "git_commit": "abc", "versions": {"torch": "2"},
    "processor": "x", "gpus": [], "threads": 1, "processes": 1, "resumed_from": [],
}  # fmt: skip


def row(step, loss=None, mix=0.25):
    found = {"step": step, "tokens": 10 * step, "learning_rate": 0.1, "train_loss": 3.0, "tokens_per_second": 9.0}
    found |= {"mix.synbio": mix, "mix.web": 1 - mix}
    if loss is None:
        return found
    return found | {"loss.synbio": loss, "loss.web": 2 * loss, "accuracy.synbio": loss / 10, "knowledge.synbio": loss}


COLUMNS = list(row(1, 1.0))


def finish(cells, key, rows, *, parameters=500, tokens=100, mix=0.25, diverged_at=None, trunk=False):
    """Write what a run and its evaluation leave."""
    run, evaluation, diverged = cells.run(key), cells.evaluation(key), diverged_at is not None
    mixes = {"synbio": mix, "web": 1 - mix}
    times = {"tokens": tokens, "trained_tokens": tokens, "seconds": 20.0, "evaluation_seconds": 2.0}
    write_json(run / "manifest.json", MANIFEST | times | {"diverged_at": diverged_at, "proportions": mixes})
    write_rows(run / "metrics.csv", rows, COLUMNS)
    if trunk:
        manifest = MANIFEST | times | {"trained_tokens": 40, "seconds": 8.0, "diverged_at": None}
        write_json(cells.trunks / key.format() / "manifest.json", manifest)
    found = {
        "loss": {"synbio": 1.5, "web": 3.0},
        "accuracy": {"synbio": {"": 0.5, "city": 0.75, "major": 0.25}},
        "within_accuracy": {"synbio": {"": 0.5 - parameters / 1e4, "city": 0.7, "major": 0.2}},
        "floor": {"synbio": 0.1},
        "subjects": {"synbio": 20},
        "knowledge": {"synbio": {"": 6.0, "city": 5.0, "major": 1.0}},
        "entropy": {"synbio": {"": 10.0, "city": 5.0, "major": 5.0}},
        "knowledge_floor": {"synbio": 0.5},
        "cloze": {"web": 0.25},
        "answer_loss": {"synbio": 0.7},
    }
    summary = {
        "parameters": parameters, "tokens": tokens, "seconds": 20.0, "diverged": diverged, "mix": mixes,
        "epochs": {"synbio": 3.5, "web": 0.25}, **(dict.fromkeys(found) if diverged else found), "curve_seconds": 2.0,
        "evaluation_seconds": 4.0,
    }  # fmt: skip
    write_json(evaluation / "summary.json", summary)


def cells_in(folder, *keys):
    return Cells([CellKey.parse(key) for key in keys], *(folder / name for name in ("runs", "evaluations", "trunks")))


@pytest.fixture
def written(tmp_path):
    """Tables of four cells: one larger and named first, one diverged, one whose mixture changed on the way."""
    names = (
        "size=b/ratio=0.25/seed=0",
        "size=a/ratio=0.25/seed=0",
        "size=a/ratio=0.5/seed=0",
        "size=a/ratio=0.75/seed=0",
    )
    cells = cells_in(tmp_path, *names)
    large, small, diverged, changed = cells.keys
    finish(cells, large, [row(5), row(10, 1.25)], parameters=900)
    finish(cells, small, [row(5, 2.5), row(7), row(10, 1.5)])
    finish(
        cells,
        diverged,
        [row(5, 2.5, 0.5), row(6, mix=0.5) | {"train_loss": float("nan")}],
        mix=0.5,
        tokens=60,
        diverged_at=6,
    )
    finish(cells, changed, [row(5, 2.5, 0.9), row(10, 1.5, 0.6)], mix=0.75)
    write_cells(cells, tmp_path / "tables")
    return tmp_path / "tables"


def test_cells_have_their_axes_what_was_trained_and_what_was_measured(written):
    table = pd.read_csv(written / "cells.csv")
    assert list(table) == [
        "size", "ratio", "seed", "parameters", "tokens", "diverged", "seconds", "mix.synbio", "mix.web",
        "epochs.synbio", "epochs.web", "loss.synbio", "loss.web", "subjects.synbio", "accuracy.synbio",
        "accuracy.synbio.city", "accuracy.synbio.major", "within_accuracy.synbio",
        "within_accuracy.synbio.city", "within_accuracy.synbio.major", "floor.synbio", "answer_loss.synbio",
        "knowledge.synbio", "knowledge.synbio.city",
        "knowledge.synbio.major", "entropy.synbio", "entropy.synbio.city", "entropy.synbio.major",
        "knowledge_floor.synbio",
        "cloze.web",
    ]  # fmt: skip
    assert table["size"].tolist() == ["a", "a", "a", "b"]  # by parameters
    assert table["ratio"].tolist() == [0.25, 0.5, 0.75, 0.25]
    assert table["tokens"].tolist() == [100, 60, 100, 100]
    first = table.iloc[0]
    assert (first["accuracy.synbio"], first["accuracy.synbio.city"], first["floor.synbio"]) == (0.5, 0.75, 0.1)
    assert (first["mix.synbio"], first["epochs.synbio"], first["loss.web"]) == (0.25, 3.5, 3.0)


def test_a_diverged_cell_is_a_row_without_losses_and_accuracies(written):
    table = pd.read_csv(written / "cells.csv")
    assert table["diverged"].dtype == bool
    [diverged] = table[table["diverged"]].to_dict("records")
    assert (diverged["ratio"], diverged["mix.synbio"], diverged["epochs.web"]) == (0.5, 0.5, 0.25)
    measured = ("loss", "accuracy", "floor", "knowledge", "entropy", "subjects")
    assert all(np.isnan(diverged[name]) for name in table if name.startswith(measured))


def test_curves_are_the_evaluation_points_of_runs_that_did_not_diverge(written):
    table = pd.read_csv(written / "curves.csv")
    expected = [
        "size",
        "ratio",
        "seed",
        "step",
        "tokens",
        "loss.synbio",
        "loss.web",
        "accuracy.synbio",
        "knowledge.synbio",
    ]
    assert list(table) == expected
    points = table[["size", "ratio", "step", "tokens", "loss.synbio"]].to_numpy().tolist()
    assert points == [
        ["b", 0.25, 10, 100, 1.25],
        ["a", 0.25, 5, 50, 2.5],
        ["a", 0.25, 10, 100, 1.5],
        ["a", 0.75, 5, 50, 2.5],
        ["a", 0.75, 10, 100, 1.5],
    ]


def test_runs_are_what_laws_read_and_leave_out_mixtures_that_changed(written):
    table = pd.read_csv(written / "runs.csv")
    assert list(table) == ["run", "size", "step", "mix.synbio", "mix.web", "loss.synbio", "loss.web"]
    assert table["run"].tolist() == ["b 0.25 0", "a 0.25 0", "a 0.25 0"]
    assert table["size"].tolist() == [900, 500, 500]
    assert table["step"].tolist() == [100, 50, 100]
    runs = read_runs(written / "runs.csv")
    assert len(runs) == 3


def test_a_mixture_that_changed_before_the_first_point_has_changed(tmp_path):
    cells = cells_in(tmp_path, "size=a/seed=0", "size=a/seed=1")
    finish(cells, cells.keys[0], [row(5, 2.0, 0.5), row(10, 1.0, 0.5)], mix=0.45)
    finish(cells, cells.keys[1], [row(5, 2.0, 0.5), row(10, 1.0, 0.5)], mix=0.5)
    write_cells(cells, tmp_path)
    assert pd.read_csv(tmp_path / "runs.csv")["run"].unique().tolist() == ["a 1"]


def test_cells_need_not_have_the_same_axes(tmp_path):
    cells = cells_in(tmp_path, "size=a/trial=one/seed=0", "size=a/contestant=uniform/budget=free/seed=0")
    trial, target = cells.keys
    finish(cells, trial, [row(5, 2.5), row(10, 2.0)])
    finish(cells, target, [row(5, 1.5), row(10, 1.0)])
    write_cells(cells, tmp_path)
    axes = ["size", "trial", "seed", "contestant", "budget"]
    for name in ("cells.csv", "curves.csv"):
        assert list(pd.read_csv(tmp_path / name))[:5] == axes
    runs = read_runs(tmp_path / "runs.csv")
    assert len(runs) == 4
    assert pd.read_csv(tmp_path / "runs.csv")["run"].unique().tolist() == ["a one 0", "a 0 uniform free"]


def test_the_horizon_of_a_run_and_the_tokens_it_trained_on_are_two_columns(tmp_path):
    """Whole batches are not quite what was asked for, and a diverged run trained on fewer."""
    cells = cells_in(tmp_path, *(f"size=a/ratio=0.25/seed=0/tokens={tokens}" for tokens in (64, 101)))
    short, long = cells.keys
    finish(cells, short, [row(6, 2.0)], tokens=60, trunk=True)
    finish(cells, long, [row(6) | {"train_loss": float("nan")}], tokens=60, diverged_at=6, trunk=True)
    write_cells(cells, tmp_path)
    table = pd.read_csv(tmp_path / "cells.csv")
    assert list(table)[:6] == ["size", "ratio", "seed", "horizon", "parameters", "tokens"]
    assert table[["horizon", "tokens"]].to_numpy().tolist() == [[64, 60], [101, 60]]
    curves = pd.read_csv(tmp_path / "curves.csv")
    assert curves[["horizon", "step", "tokens"]].to_numpy().tolist() == [[64, 6, 60]]
    assert pd.read_csv(tmp_path / "runs.csv")["run"].tolist() == ["a 0.25 0 64"]
    facts = read_json(tmp_path / "facts.json")
    assert (facts["tokens"], facts["trained_tokens"]) == (120, 200)
    assert facts["core_hours"] == pytest.approx((2 * 20 + 2 * 8) / 3600)


def test_facts_say_what_trained_the_cells_and_how_long_it_took(written):
    facts = read_json(written / "facts.json")
    assert (facts["cells"], facts["diverged"], facts["resumed"]) == (4, 1, 0)
    assert facts["tokens"] == facts["trained_tokens"] == 360
    assert facts["core_hours"] == pytest.approx(4 * 20 / 3600)
    asked = facts["spelling"]["synbio"]
    assert asked["start"] == pytest.approx(0.5)
    assert asked["most"] == pytest.approx(0.09), "of the cell with 900 parameters"
    assert asked["within"] == pytest.approx(0.5 - (900 + 2 * 500) / 3e4), "a diverged cell is asked nothing"
    assert facts["evaluation_share"] == pytest.approx(4 * (2 + 4) / (4 * (20 + 4)))
    assert facts["recipe"] == {"tokens": 100}
    for name in ("git_commits", "versions", "processors", "gpus", "data"):
        assert len(facts[name]) == 1


def test_a_study_of_which_every_cell_diverged_is_an_error(tmp_path):
    cells = cells_in(tmp_path, "size=a/seed=0")
    finish(cells, cells.keys[0], [row(3)], diverged_at=3)
    with pytest.raises(PhasemixError, match="every cell of the experiment diverged: lower its peak learning rate"):
        write_cells(cells, tmp_path / "tables")
    assert not (tmp_path / "tables").exists()
