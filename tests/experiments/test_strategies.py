"""Random subsampling and compact tuples: cells, means, what is expected, and what the report says of them."""

import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import read_json, write_csv, write_json
from phasemix.experiments.experiment import figures
from phasemix.experiments.strategies import findings, section
from phasemix.experiments.strategies.figures import a_fig_8a, a_fig_8b, a_fig_14
from phasemix.experiments.strategies.predictions import Expected, Place, highest
from phasemix.experiments.strategies.tables import Tables, best_measured, measured_at, write_from
from phasemix.experiments.strategy_tables import strategy_cells, strategy_means
from phasemix.laws import load_law
from phasemix.report.figure_style import save, set_theme
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from phasemix.theory.facts import equal_facts
from phasemix.theory.sized_learner import SizedLearner
from phasemix.theory.subsampling import best_fraction
from tests.conftest import merged
from tests.experiments.strategies import AT, LEARNER, PEOPLE, made_up_cells, write_strategies
from tests.laws.test_cliff import learner_world
from tests.study.test_config import message, put


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_strategies(tmp_path_factory.mktemp("strategies"))


@pytest.fixture(scope="module")
def tables(folder):
    return Tables.read(folder, {})


def config():
    return load(merged("config.yaml") | {"run": ["strategies"]})


def test_every_cell_reads_its_share_and_shows_its_people():
    study = config()
    spec = study.training["strategies"]
    plain = CellKey.of(size="58k", ratio=0.3, subsampling=1, compact=0, seed=0)
    assert plain in spec.cells
    assert spec.mixture(plain).phases[0].proportions == pytest.approx({"synbio-340": 0.3, "web": 0.7})
    assert spec.cell(plain, study).sources["synbio-340"]["subsampling"] == 1
    few = spec.cell(plain.at(subsampling=0.25), study)
    assert few.sources["synbio-340"]["subsampling"] == 0.25
    assert few.sources["synbio-340"] | {"subsampling": 1} == study.sources["synbio-340"].training
    mixed = spec.mixture(plain.at(compact=0.3)).phases[0].proportions
    assert mixed == pytest.approx({"synbio-340": 0.3 / 1.3, "web": 0.7, "tuples-340": 0.09 / 1.3})


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        (("dense",), "web", "must be of synbio or wikibio"),
        (("base",), "synbio-340", "is the dense source itself"),
        (("dense",), "synbio-power-law", "with everybody shown equally often"),
        (("dense",), "synbio-60", "is about other people than synbio-60: give it the same people and values"),
        (("tuples",), "web", "must be a task of compact tuples"),
        (("theory",), "transition", "is of kind transition; it must be theory"),
        (("law",), "nothing", "names none of the experiments"),
        (("grid", 0, "sizes", 0), "58m", "names none of the models"),
        (("grid", 0, "ratios", 0), 1.0, "must be at least 0 and below 1"),
        (("grid", 0, "subsampling", 0), 0.001, "leaves none of the 340 people"),
        (("grid", 0, "compact"), [0.0, 0.3], "tuples show everybody; give each its own block"),
    ],
)
def test_mistakes_are_named(where, value, words):
    found = message(put(("experiments", "strategies", *where), value))
    assert found.startswith("config.yaml: experiments.strategies.")
    assert words in found


def test_cells_by_hand():
    """Four people of whom two are shown; the first of these knows all, the second half, the others a fifth."""
    cell = {"size": "58k", "parameters": 58_240, "ratio": 0.2, "subsampling": 0.5, "compact": 0.25, "seed": 0}
    cell |= {"diverged": False, "tokens": 1000, "subjects.d": 4, "accuracy.d": 0.475, "floor.d": 0.1}
    cell |= {"epochs.d": 7.0, "epochs.t": 5.0, "mix.t": 0.2, "loss.w": 3.0}
    known = (25.0, 10.0, -5.0, -5.0)
    persons = pd.DataFrame(
        {name: cell[name] for name in ("size", "ratio", "subsampling", "compact", "seed")}
        | {"person": i, "asked": 10, "correct": correct, "knowledge": bits, "entropy": 25.0}
        for i, (correct, bits) in enumerate(zip((10, 5, 2, 2), known, strict=True))
    )
    lost = {**cell, "seed": 1, "diverged": True}
    found = strategy_cells(pd.DataFrame([cell, lost]), persons, {"dense": "d", "tuples": "t", "base": "w"})
    [row] = found.to_dict("records")
    assert (row["people"], row["shown"], row["exposures"]) == (4, 2, 12.0)
    assert row["accuracy_shown"] == pytest.approx(0.75)
    assert row["accuracy_left_out"] == pytest.approx(0.2)
    assert row["known"] == pytest.approx(35 / 100)
    assert row["tuple_tokens"] == pytest.approx(0.2 * 1000 / (5 * 4))


def test_means_by_hand():
    """Two seeds with and without subsampling: Student's interval and Welch's."""
    place = {"size": "58k", "parameters": 1, "compact": 0.0, "people": 10, "floor": 0.05, "accuracy_left_out": np.nan}
    rows = [
        place | {"ratio": r, "subsampling": rho, "seed": i, "accuracy": a, "accuracy_shown": a, "known": a}
        | {"exposures": 100 / rho if r else 0.0, "web_loss": 3 + r + 0.01 * i, "tokens": 1000}
        for r, rho, pair in ((0.2, 1.0, (0.05, 0.07)), (0.2, 0.5, (0.40, 0.50)), (0.0, 1.0, (0.05, 0.05)))
        for i, a in enumerate(pair)
    ]  # fmt: skip
    means = strategy_means(pd.DataFrame(rows), 0.95).set_index(["ratio", "subsampling"])
    few = means.loc[0.2, 0.5]
    assert few["accuracy"] == pytest.approx(0.45)
    assert few["accuracy_low"] == pytest.approx(0, abs=1e-9), "12.706 × .05 below, cut at 0"
    assert few["gain"] == pytest.approx(0.39)
    assert few["frequency"] == pytest.approx(2)
    assert few["web_rise"] == pytest.approx(0.2)
    assert few["web_more"] == pytest.approx(0)
    web, plain = means.loc[0.0, 1.0], means.loc[0.2, 1.0]
    assert np.isnan(web["frequency"])
    assert np.isnan([web["known"], web["web_rise"], plain["gain"], plain["web_more"]]).all(), "over themselves, nothing"
    assert plain["web_rise"] == pytest.approx(0.2)
    assert plain["known"] == pytest.approx(0.06)


def test_the_learner_expects_what_the_theory_says(tables):
    expected = Expected(LEARNER, None, LEARNER.entropy)
    facts = equal_facts(PEOPLE, LEARNER.entropy, LEARNER.tokens)
    best = best_fraction(facts, LEARNER.broad, AT.ratio, LEARNER.bits * AT.parameters)
    assert 0.05 < best < 0.95
    assert expected.known(AT, best, 0, np.nan) == pytest.approx(best)
    assert expected.known(AT, 1, 0, np.nan) == pytest.approx(LEARNER.known(AT.parameters, PEOPLE, AT.ratio))
    assert expected.best(AT) == {"theory": {"subsampling": best, "known": best}, "cliff": None}
    shorter = replace(LEARNER, tokens=1 / (0.5 / LEARNER.tokens + 0.5 / 20))
    assert expected.known(AT, 1, 1, 20) == pytest.approx(shorter.known(AT.parameters, PEOPLE, AT.ratio))
    assert expected.accuracy(AT, 0.5) is None
    [told] = tables.best
    there = measured_at(tables.means[tables.means["compact"] == 0].query("ratio == 0.2"), best)
    assert told["theory"] == pytest.approx({"subsampling": best, "known": best, "measured": there})


def test_what_was_measured_between_two_that_were_tried():
    """.2 at ρ = .1 and .4 at ρ = .4: .3 at their geometric mean, and nothing outside."""
    means = pd.DataFrame({"subsampling": [0.4, 0.1], "accuracy": [0.4, 0.2]})
    assert measured_at(means, 0.2) == pytest.approx(0.3)
    assert measured_at(means, 0.1) == pytest.approx(0.2)
    assert measured_at(means, 0.05) is measured_at(means, 0.9) is None


def test_the_law_finds_the_best_subsampling_of_the_learner_whose_runs_it_saw():
    """The law, fitted to runs of a bounded learner, is asked about fewer people than these had."""
    runs = learner_world(np.random.default_rng(0))
    runs = replace(runs, step=np.full(len(runs), 8e6))
    law = load_law("cliff").fit(runs)
    at = Place(9e4, 0.12, 480, 8e6)
    expected = Expected(None, law, 25.0)
    found = expected.best(at)["cliff"]
    assert found["accuracy"] == pytest.approx(expected.accuracy(at, found["subsampling"]))
    assert all(expected.accuracy(at, rho) <= found["accuracy"] + 1e-6 for rho in (0.05, 0.1, 0.2, 0.4, 0.8, 1))
    learner = SizedLearner(2.0 * np.log(2), 40 * np.log(2) * 0.3**-0.35, 0.35, 25.0, 66.0, 0.3)
    facts = equal_facts(480, 25.0, 66.0)
    true = best_fraction(facts, learner.broad, at.ratio, learner.bits * at.parameters)
    assert found["subsampling"] == pytest.approx(true, rel=0.35)


def test_what_is_the_same_everywhere_has_no_best():
    assert highest(lambda rho: 0.05) is None
    assert highest(lambda rho: -((rho - 0.3) ** 2)) == pytest.approx(0.3, abs=1e-4)


def test_subsamplings_that_cannot_be_told_from_the_best():
    """Next to the best, .5 overlaps with it; .25 does not, so that .1, which does, is no neighbour."""
    rows = {0.1: (0.3, 0.2, 0.5), 0.25: (0.2, 0.15, 0.25), 0.4: (0.5, 0.4, 0.6), 0.5: (0.4, 0.35, 0.45), 1: (0, 0, 0.1)}
    columns = ["accuracy", "accuracy_low", "accuracy_high"]
    means = pd.DataFrame([dict(zip(columns, row, strict=True)) | {"subsampling": rho} for rho, row in rows.items()])
    found = best_measured(means)
    assert (found["subsampling"], found["least"], found["most"]) == (0.4, 0.4, 0.5)
    one = best_measured(means.assign(accuracy_low=np.nan, accuracy_high=np.nan))
    assert (one["subsampling"], one["least"], one["most"]) == (0.4, None, None)


def test_along_a_strategy(tables):
    [((size, ratio), part)] = tables.along("subsampling")
    assert (size, ratio) == ("58k", 0.2)
    assert part["subsampling"].tolist() == [0.1, 0.25, 0.5, 1.0]
    [(_, part)] = tables.along("compact")
    assert part["compact"].tolist() == [0.0, 0.3, 0.9]


def test_findings_hold_what_was_measured(folder):
    found = findings.measure(folder, {})
    assert {row["subsampling"] for row in found["predicted"]} == {0.1, 0.25, 0.5, 1.0}
    assert found["best"][0]["measured"]["subsampling"] == 0.25
    assert len(found["means"]) == len(made_up_cells().groupby(["ratio", "subsampling", "compact"]))


def test_the_section_says_what_was_best(folder):
    said = section.values(folder, {})
    assert said["best"][0][:3] == ["58k", ".2", "25 (25 to 25)"]
    assert said["best"][0][3].startswith("29 (2")
    assert {row[2] for row in said["subsampling"]} == {".1", ".25", ".5", "1"}
    assert {row[3] for row in said["compact"]} == {"0", ".3", ".9"}


def test_figures_are_drawn(tables, tmp_path):
    set_theme()
    for module in (a_fig_8a, a_fig_8b, a_fig_14):
        name = module.__name__.rpartition(".")[2]
        assert name in figures("strategies")
        figure = module.draw(tables)
        save(figure, tmp_path / f"{name}.svg")
        assert (tmp_path / f"{name}.svg").stat().st_size > 5000
        if module is a_fig_8a:
            assert "expected" in [text.get_text() for text in figure.legends[0].get_texts()]
        plt.close("all")


def test_what_is_expected_is_read_from_the_tables_of_others(tmp_path):
    write_json(
        tmp_path / "theory/theory.json",
        {
            "web": {name: [getattr(LEARNER, name), None, None] for name in ("irreducible", "factor", "exponent")},
            "people": {"entropy": LEARNER.entropy, "tokens": LEARNER.tokens},
            "bits_per_parameter": [LEARNER.bits, None, None],
        },
    )
    options = {"theory": "theory", "law": None, "reads": {"theory": str(tmp_path / "theory")}, "seed": 0}
    assert Expected.read(options, 25.0) == Expected(LEARNER, None, 25.0)
    assert Expected.read({"theory": None, "law": None, "seed": 0}, 25.0) == Expected(None, None, 25.0)


def test_without_anything_expected(tmp_path):
    write_from(made_up_cells(), Expected(None, None, 25.0), 0.95, tmp_path)
    tables = Tables.read(tmp_path, {})
    assert tables.predicted[["known", "accuracy"]].isna().all(axis=None)
    assert tables.best[0]["theory"] is tables.best[0]["cliff"] is None
    assert section.values(tmp_path, {})["best"][0][4:] == ["–"] * 6
    set_theme()
    [legend] = a_fig_8a.draw(tables).legends
    assert [text.get_text() for text in legend.get_texts()] == ["58k, r = .2", "all shown are known"]
    plt.close("all")
    assert read_json(tmp_path / "best.json")[0]["size"] == "58k"
    write_csv(tmp_path / "again.csv", tables.means)


def test_there_is_no_figure_of_a_strategy_that_no_cell_has():
    config = merged("config.yaml") | {"run": ["strategies"]}
    blocks = config["experiments"]["strategies"]["grid"]

    def drawn(*kept):
        changed = json.loads(json.dumps(config))
        changed["experiments"]["strategies"]["grid"] = list(kept)
        return load(changed).experiments["strategies"].figures

    assert drawn(*blocks) == ["a_fig_14", "a_fig_8a", "a_fig_8b"]
    assert drawn(blocks[0]) == ["a_fig_14", "a_fig_8a"]
    assert drawn(blocks[1]) == ["a_fig_14", "a_fig_8b"]
