"""Figures and the report, drawn from made-up studies."""

import re
from importlib import import_module

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from phasemix.analysis.claims import Study, ledger
from phasemix.analysis.critical_points import Accuracies, accuracy_intervals, critical_points
from phasemix.analysis.tables import a_table_1, a_table_2
from phasemix.base.files import write_csv, write_json
from phasemix.figures import CAPTIONS, TITLES
from phasemix.figures.style import Tables, save, set_theme
from phasemix.report.page import HorizonSection, Section, render
from tests.test_critical import ANALYSIS, RATIOS, study


def tables_of(table, people):
    curves = pd.concat([table.assign(tokens=t, step=t, accuracy=table["accuracy"] * t / 4) for t in (1, 2, 4)])
    accuracies = Accuracies(table, people, ANALYSIS, 0)
    return Tables(table, accuracy_intervals(accuracies), critical_points(accuracies), curves)


STUDIES = {
    "a transition": {},
    "three seeds": {"seeds": 3},
    "a diverged cell": {"diverged": {("20k", 0.2, 0)}},
    "a diverged size": {"diverged": {("20k", ratio, 0) for ratio in RATIOS}},
    "a ratio of 0": {"ratios": [0.0, *RATIOS]},
    "nothing learned": {"accuracy": lambda size, ratio: 0.0},
    "everything learned": {"accuracy": lambda size, ratio: 1.0},
}


@pytest.mark.parametrize("name", TITLES)
@pytest.mark.parametrize("kind", STUDIES)
def test_every_figure_draws_every_study(name, kind, tmp_path):
    set_theme()
    figure = import_module(f"phasemix.figures.{name}").draw(tables_of(*study(**STUDIES[kind])))
    for axes in figure.axes:
        if axes.get_visible() and axes.lines:
            assert axes.get_xlabel() or axes.get_ylabel() or figure.get_supxlabel() or axes.get_title(loc="left")
    save(figure, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes()[:4] == b"\x89PNG"
    plt.close(figure)


def test_a_figure_is_the_same_bytes_every_time(tmp_path):
    set_theme()
    tables = tables_of(*study())
    for name in ("one.svg", "two.svg", "one.png", "two.png"):
        save(import_module("phasemix.figures.a_fig_2").draw(tables), tmp_path / name)
    plt.close("all")
    for kind in ("svg", "png"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_the_papers_points_stand_beside_ours():
    figure = import_module("phasemix.figures.a_fig_2").draw(tables_of(*study()))
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    published = next(container for container in figure.axes[0].containers)
    assert published.get_label().startswith("paper A")
    x, y = published.lines[0].get_data()
    assert dict(zip(x, y, strict=True))[0.45] == pytest.approx(0.581)
    assert {"10k", "20k", "40k"} <= set(lines)
    plt.close(figure)


def make_page(tmp_path, **options):
    table, people = study(seeds=2, **options)
    table = table.assign(tokens=1000, exposures=12.0, seconds=3.0)
    tables, figures = tmp_path / "tables", tmp_path / "figures"
    accuracies = Accuracies(table, people, ANALYSIS, 0)
    critical = critical_points(accuracies)
    contents = {
        "": table,
        ".critical": critical,
        ".a_table_1": a_table_1(table),
        ".a_table_2": a_table_2(table),
        ".ledger": ledger(Study(table, people, accuracies, critical)),
    }
    for name, content in contents.items():
        write_csv(tables / f"made_up{name}.csv", content)
    facts = {
        "cells": 30,
        "diverged": 1,
        "resumed": 2,
        "tokens": 30_000,
        "core_hours": 0.5,
        "evaluation_share": 0.04,
        "recipe": {
            "tokens": 1000,
            "batch_size": 4,
            "context": 32,
            "peak_learning_rate": 0.01,
            "schedule": "wsd",
        },
        "data": [{"web/train.bin": "abc", "people": "def", "tokenizer": "123"}],
        "git_commits": [None],
        "versions": [{"torch": "2.13.0"}],
        "processors": ["a CPU"],
        "gpus": [[]],
    }
    write_json(tables / "made_up.facts.json", facts)
    figures.mkdir()
    for name in TITLES:
        (figures / f"{name}.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return render("test", [Section.read("made_up", "synbio-200", tables=tables, figures=figures)])


@pytest.fixture
def page(tmp_path):
    return make_page(tmp_path, diverged={("20k", 0.2, 0)})


def test_a_size_lost_whole_still_gives_a_report(tmp_path):
    page = make_page(tmp_path, diverged={("20k", ratio, seed) for ratio in RATIOS for seed in (0, 1)})
    assert "20k at r = 0.05, seed 1" in page


def test_the_report_is_one_self_contained_page(page):
    links = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert all(link.startswith(("data:", "https://arxiv.org/")) for link in links if link != "published.html")
    assert "<script" not in page
    assert sum(link.startswith("data:image/svg+xml;base64,") for link in links) == len(TITLES)


def test_the_report_says_what_was_found_and_what_was_left_out(page):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for title in TITLES.values():
        assert title in text
    assert "20k at r = 0.2, seed 0" in text
    assert "paper A: 70M" in text
    assert "58.1 (3.1)" in text
    assert "not a git checkout" in text
    assert "30, 1 diverged, 2 resumed" in text
    verdicts = re.findall(r'class="verdict ([a-z-]+)"', page)
    assert verdicts.count("not-tested") == 20
    assert len(verdicts) == 25
    assert "nan" not in text.lower().split()


def test_the_report_says_what_horizons_share_and_reach(tmp_path):
    cells = [("10k", 0.2, 0, 100, 0.1), ("10k", 0.2, 1, 100, 0.3), ("10k", 0.2, 0, 200, 0.5), ("10k", 0.2, 1, 200, 0.7)]
    table = pd.DataFrame([*cells, ("20k", 0.2, 0, 200, None)], columns=["size", "ratio", "seed", "tokens", "accuracy"])
    write_csv(tmp_path / "longer.csv", table.assign(parameters=table["size"].map({"10k": 1e4, "20k": 2e4})))
    write_json(tmp_path / "longer.facts.json", {"tokens": 800, "trained_tokens": 500})
    section = HorizonSection.read("longer", "synbio-200", tables=tmp_path)
    assert section.horizons == [100, 200]
    assert section.rows == [("10k", 0.2, [pytest.approx(20), pytest.approx(60)]), ("20k", 0.2, [None, None])]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render("test", [], [section])))
    assert "500 tokens were trained, where separate runs train 800, 1.60 times as many" in text
    assert "10k 0.2 20.0 60.0 20k 0.2 – –" in text


def test_every_figure_has_a_caption():
    assert all(len(path.read_text()) > 80 for path in CAPTIONS.values())


def test_tables_1_and_2_worked_out_by_hand():
    cell = {"parameters": 10, "size": "10", "ratio": 0.1, "diverged": False}
    accuracies = {f"accuracy_{a}": 0.5 for a in ("birth_date", "birth_city", "university", "major", "employer")}
    rows = [cell | accuracies | {"seed": s, "accuracy": a} for s, a in enumerate((0.1, 0.2, 0.6))]
    rows.append(rows[0] | {"seed": 3, "accuracy": None, "diverged": True})
    table = pd.DataFrame(rows)
    [row] = a_table_1(table).itertuples(index=False)
    assert (row.accuracy_percent, row.sd, row.seeds) == (pytest.approx(30), pytest.approx(26.4575, rel=1e-4), 3)
    assert a_table_2(table)["major"].tolist() == [50.0]
