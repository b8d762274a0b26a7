"""Continual training: cells and their weights, how far the web loss rises, and what the report says."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.experiments.continual import findings, section
from phasemix.experiments.continual.figures import a_fig_8bc
from phasemix.experiments.continual.tables import Tables, continual_means, with_rise
from phasemix.experiments.experiment import figures
from phasemix.experiments.strategy_tables import strategy_cells
from phasemix.report.figure_style import save, set_theme
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.experiments.continual import MIXTURES, OPTIONS, PEOPLE, RISE, made_up_cells, write_continual
from tests.study.test_config import message, put

PLACE = {"size": "58k", "ratio": 0.1, "subsampling": 1.0, "compact": 0.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_continual(tmp_path_factory.mktemp("continual"))


def test_cells_begin_with_the_weights_of_their_seed_and_may_stop_early():
    study = load(merged("config.yaml") | {"run": ["continual"]})
    spec = study.training["continual"]
    key = CellKey.of(size="106k", ratio=0.15, subsampling=1, compact=0.3, seed=2)
    assert key in spec.cells
    cell = spec.cell(key, study)
    assert cell.start.run == "results/laptop/runs/pretrained/size=106k/mixture=web/seed=2"
    assert cell.recipe.schedule == "constant"
    assert (cell.recipe.early_stopping.source, cell.recipe.early_stopping.rise) == ("web", 0.05)
    shares = cell.mixture.phases[0].proportions
    assert shares == pytest.approx({"wikibio-60": 0.15 / 1.3, "web": 0.85, "wikibio-tuples-60": 0.045 / 1.3})
    few = spec.cell(key.at(subsampling=0.25, compact=0), study)
    assert few.sources["wikibio-60"] == {"task": "wikibio", "subsampling": 0.25}
    assert "pretrained" in spec.needs


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        (("dense",), "web", "must be of synbio or wikibio, with everybody shown equally often"),
        (("tuples",), "tuples-340", "is about other people than wikibio-60"),
        (("tuples",), "wikibio-60", "must be a task of compact tuples"),
        (("grid", 2, "compact"), [0.0, 0.3], "holds 0 beside a strategy, where there is nothing to be shown"),
        (("evaluation",), {"questions": "shown"}, "a source is asked in words that training never shows"),
        (("start",), None, "must be given: the weights that training goes on with"),
        (("base",), "wikibio-tuples-60", "is the source of tuples itself"),
        (("recipe", "schedule"), "cosine", "must be constant, as training stops before its last step"),
        (("recipe", "early_stopping"), None, "must be given, with the source web"),
        (("recipe", "early_stopping", "source"), "wikibio-60", "must be given, with the source web"),
    ],
)
def test_mistakes_are_named(where, value, words):
    found = message(put(("experiments", "continual", *where), value))
    assert found.startswith("config.yaml: experiments.continual.")
    assert words in found


def test_the_rise_is_over_the_weights_that_training_began_with():
    """Two seeds that began at 3.0 and 3.1 and ended at 3.04 and 3.16, the second early."""
    cells = pd.DataFrame([PLACE | {"seed": seed, "accuracy": 0.1} for seed in (0, 1)])
    points = ((0, 10, 3.02), (0, 20, 3.04), (1, 10, 3.16))
    curves = pd.DataFrame([PLACE | {"seed": seed, "step": step, "loss.web": loss} for seed, step, loss in points])
    began = pd.DataFrame(
        [PLACE | {"seed": 0, "first": 3.0, "stopped": False}, PLACE | {"seed": 1, "first": 3.1, "stopped": True}]
    )
    found = with_rise(cells, curves, began, "web")
    assert found["rise"].tolist() == pytest.approx([0.04, 0.06])
    assert found["stopped"].tolist() == [False, True]
    assert set(found) == {*PLACE, "seed", "accuracy", "rise", "stopped"}


def test_cells_of_a_task_that_knows_no_entropies():
    cell = PLACE | {"parameters": 1, "seed": 0, "diverged": False, "tokens": 1000, "subjects.d": 2, "accuracy.d": 0.5}
    cell |= {"floor.d": 0.1, "epochs.d": 7.0, "loss.w": 3.0}
    asked = {"asked": 1, "knowledge": np.nan, "entropy": np.nan}
    persons = pd.DataFrame([PLACE | asked | {"seed": 0, "person": i, "correct": i} for i in (0, 1)])
    [row] = strategy_cells(pd.DataFrame([cell]), persons, {"dense": "d", "tuples": "t", "base": "w"}).to_dict("records")
    assert (row["accuracy_shown"], row["exposures"]) == (0.5, 7.0)
    assert np.isnan(row["known"])


def test_means_say_how_far_the_web_loss_rose_and_who_stopped():
    means = continual_means(made_up_cells(), 0.95).set_index(["ratio", "subsampling", "compact"])
    assert len(means) == len(MIXTURES)
    early = means.loc[(0.4, 1, 0)]
    assert early["stopped"] == 1
    assert early["rise_low"] < 0.052 < early["rise_high"]
    assert means.loc[(0.1, 0.5, 0), "frequency"] == pytest.approx(2)
    assert means.loc[(0.1, 0.5, 0), "gain"] == pytest.approx(0.23, abs=0.02)
    assert means["stopped"].sum() == 1
    single = continual_means(made_up_cells(seeds=1), 0.95)
    assert single["rise_low"].isna().all()


def test_the_section_and_the_findings(folder):
    said = section.values(folder, OPTIONS)
    assert (said["people"], said["floor"], said["rise"]) == (PEOPLE, "5.0 %", "0.05")
    rows = {tuple(row[1:4]): row for row in said["rows"]}
    assert rows[".4", "1", "0"][5:7] == ["4.0", "3"]
    assert rows[".1", ".5", "0"][8] == "2.0"
    assert rows["0", "1", "0"][8] == "–"
    found = findings.measure(folder, OPTIONS)
    assert (found["dense"], found["rise"], len(found["means"])) == ("bios", RISE, len(MIXTURES))
    assert found["means"][0]["known"] is None


@pytest.mark.parametrize("seeds", [1, 3])
def test_the_figure_is_drawn(tmp_path, seeds):
    set_theme()
    tables = Tables.read(write_continual(tmp_path, made_up_cells(seeds)), OPTIONS)
    assert "a_fig_8bc" in figures("continual")
    figure = a_fig_8bc.draw(tables)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()][:3] == [
        "58k, r = 0",
        "58k, r = .1",
        "58k, r = .1, ρ = .5",
    ]
    save(figure, tmp_path / "a_fig_8bc.svg")
    assert (tmp_path / "a_fig_8bc.svg").stat().st_size > 5000
    plt.close("all")
