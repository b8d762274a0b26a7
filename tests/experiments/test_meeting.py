"""Facts as one of several domains: cells, critical ratios, laws across the cliff, and what the report says of them."""

import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import write_csv
from phasemix.experiments.cliff.cells import PEOPLE, runs_of
from phasemix.experiments.experiment import figures
from phasemix.experiments.meeting import section as told
from phasemix.experiments.meeting import tables as meeting
from phasemix.experiments.meeting.figures import loss_on_facts, recall_of_facts
from phasemix.experiments.meeting.findings import measure
from phasemix.experiments.meeting.tables import TABLES, Tables, critical, predictions, read_cells, scores, write
from phasemix.fitting.law import LawError
from phasemix.report.figure_style import save, set_theme
from phasemix.report.section import section
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.study.test_config import message, put

SIZES = {"40k": 40_000, "60k": 60_000, "90k": 90_000}
CRITICAL = {"40k": 0.4, "60k": 0.25, "90k": 0.14}  # where recall is 40 %
RATIOS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.9)
PEOPLE_COUNT, BITS, TOKENS = 120, 25.0, 8_000_000
OPTIONS = {"dense": "facts", "domains": ["code", "docs"], "critical_accuracy": 0.4, "seed": 0}
SMOOTH = ("bimix-power", "transfer")


def recall(size, ratio):
    """From 5 to 95 %, steeply about the critical ratio, at which it is 40 %."""
    return 0.05 + 0.9 / (1 + 11 / 7 * (CRITICAL[size] / ratio) ** 6)


def interpolated(size, below, above):
    """Where recall is 40 % on a straight line over the logarithm of the ratio."""
    low, high = recall(size, below), recall(size, above)
    return below * (above / below) ** ((0.4 - low) / (high - low))


def cells_of(sizes=SIZES):
    """The generic table of cells, in no order; one that diverged among them."""
    rows = []
    for size in reversed(sizes):
        for ratio in RATIOS:
            share = recall(size, ratio)
            row = {"size": size, "ratio": ratio, "seed": 0, "parameters": sizes[size], "tokens": TOKENS}
            row |= {"diverged": False, "subjects.facts": PEOPLE_COUNT, "accuracy.facts": share}
            row |= {"loss.facts": 0.9 - 0.4 * share - 0.02 * ratio, "loss.code": 2.5 + 0.3 * ratio}
            rows.append(row | {"loss.docs": 3.1 + 0.1 * ratio, "entropy.facts": BITS, "entropy.facts.major": 5.0})
    lost = dict.fromkeys(("accuracy.facts", "loss.facts", "loss.code", "loss.docs", "entropy.facts"), np.nan)
    return pd.DataFrame([*rows, {**rows[0], "seed": 1, "diverged": True, **lost}])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("tables") / "met"
    write_csv(found / "cells.csv", cells_of())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meeting, "SMOOTH", SMOOTH)
        write(None, OPTIONS, found)
    return found


@pytest.fixture(scope="module")
def tables(folder):
    return Tables.read(folder, OPTIONS)


# The tables


def test_cells_by_hand(folder):
    cells = read_cells(folder, OPTIONS)
    assert len(cells) == len(SIZES) * len(RATIOS)  # without the one that diverged
    assert cells["parameters"].is_monotonic_increasing
    assert cells["ratio"].tolist() == [*RATIOS] * 3
    cell = cells.query("size == '60k' and ratio == 0.3").iloc[0]
    assert (cell["experiment"], cell["people"], cell["tokens"], cell["seed"]) == ("met", PEOPLE_COUNT, TOKENS, 0)
    assert cell["accuracy"] == pytest.approx(0.05 + 0.9 / (1 + 11 / 7 * (25 / 30) ** 6))
    assert cell["dense_loss"] == pytest.approx(0.9 - 0.4 * cell["accuracy"] - 0.006)
    assert cell["base_loss"] == pytest.approx((2.59 + 3.13) / 2)
    assert cell["bits"] == PEOPLE_COUNT * BITS
    runs = runs_of(cells)
    assert runs.facts[:, 0].tolist() == [PEOPLE_COUNT * BITS] * len(cells)
    assert runs.mixture[:, runs.domains.index(PEOPLE)].tolist() == cells["ratio"].tolist()


def test_cells_of_one_domain_alone_have_its_loss(folder):
    cells = read_cells(folder, OPTIONS | {"domains": ["docs"]})
    assert cells["base_loss"].to_numpy() == pytest.approx(3.1 + 0.1 * cells["ratio"].to_numpy())


def accuracies(size, parameters, seeds):
    """Cells of one size, its ratios .1, .2, .4 and .8, and a row of accuracies per seed."""
    parts = [
        pd.DataFrame({"size": size, "parameters": parameters, "ratio": [0.1, 0.2, 0.4, 0.8], "accuracy": accuracy})
        for accuracy in seeds
    ]
    return pd.concat(parts)


def test_critical_ratios_by_hand():
    cells = [
        accuracies("large", 9, [(0.1, 0.7, 0.9, 0.9)]),  # 40 % lies half-way from 10 to 70 %
        accuracies("small", 1, [(0.0, 0.0, 0.1, 0.6), (0.0, 0.0, 0.3, 0.8)]),  # in the mean from 20 to 70 %
        accuracies("uneven", 3, [(0.3, 0.1, 0.6, 0.6)]),  # isotonic: 20, 20, 60, 60 %
        accuracies("nothing", 4, [(0.0, 0.1, 0.2, 0.3)]),
        accuracies("everything", 5, [(0.5, 0.6, 0.7, 0.9)]),
    ]
    found = critical(pd.concat(cells), 0.4)
    assert found["size"].tolist() == ["small", "uneven", "nothing", "everything", "large"]  # by parameters
    rows = found.set_index("size")
    assert rows.loc["large"].tolist() == pytest.approx([0.1 * 2**0.5, 0.1, 0.2])
    assert rows.loc["small"].tolist() == pytest.approx([0.4 * 2**0.4, 0.4, 0.8])
    assert rows.loc["uneven"].tolist() == pytest.approx([0.2 * 2**0.5, 0.2, 0.4])
    assert rows.loc[["nothing", "everything"]].isna().all(axis=None)
    assert critical(pd.concat(cells), 0.25).set_index("size").loc["nothing", "critical"] == pytest.approx(0.2 * 8**0.5)


@pytest.mark.parametrize(
    "ratios",
    [
        (0.3, 0.45),
        (0.01, 0.35),
    ],
)
def test_a_level_that_the_last_ratio_reaches_exactly_is_there(ratios):
    found = critical(pd.DataFrame({"size": "a", "parameters": 1, "ratio": ratios, "accuracy": [0.1, 0.4]}), 0.4).iloc[0]
    assert found[["critical", "below", "above"]].tolist() == pytest.approx([ratios[1], *ratios])


class Stub:
    """Stands for the fits of laws: keeps the size and ratio of what is fitted and asked."""

    def __init__(self, refused=()):
        self.refused, self.seen = refused, []

    def __call__(self, name, fitted, seed):
        if name in self.refused:
            raise LawError("not on these")

        def asked(runs):
            self.seen.append((name, self.places(fitted), self.places(runs)))
            found = {"recall": np.full(len(runs), 0.5)}
            return found if name == "sigmoid" else found | {"dense_loss": runs.loss[:, 0], "base_loss": runs.loss[:, 1]}

        return asked

    @staticmethod
    def places(runs):
        return set(zip(runs.size, runs.mixture[:, 0]))


def test_laws_are_asked_about_the_far_side_of_the_cliff_and_larger_sizes(folder, monkeypatch):
    stub = Stub()
    monkeypatch.setattr(meeting, "fit_law", stub)
    cells = read_cells(folder, OPTIONS)
    said = predictions(cells, 0)
    every = {(parameters, ratio) for parameters in SIZES.values() for ratio in RATIOS}
    half = {(parameters, ratio) for size, parameters in SIZES.items() for ratio in RATIOS if recall(size, ratio) >= 0.5}
    at = {size: {place for place in every if place[0] == parameters} for size, parameters in SIZES.items()}
    expected = [
        (every, every),
        (every - (at["40k"] - half), at["40k"] - half),  # of its ratios above, two are too few
        (every - (at["60k"] & half), at["60k"] & half),
        (every - (at["60k"] - half), at["60k"] - half),
        (at["40k"] | at["60k"], at["90k"]),  # the one size above two smaller ones
        (every - (at["90k"] & half), at["90k"] & half),
    ]
    for law in ("cliff", "sigmoid", *meeting.SMOOTH):
        assert [(fitted, asked) for name, fitted, asked in stub.seen if name == law] == expected
    kinds = said[said["law"] == "cliff"].groupby("held_out")["size"].value_counts().to_dict()
    assert kinds == {
        **{("nothing", size): 6 for size in SIZES},
        ("below", "40k"): 4,
        ("above", "60k"): 3,
        ("below", "60k"): 3,
        ("larger", "90k"): 6,
        ("above", "90k"): 4,
    }
    assert (said["recall_predicted"] == 0.5).all()
    losses = said[["dense_loss_predicted", "base_loss_predicted"]]
    assert losses[said["law"] == "sigmoid"].isna().all(axis=None)
    others = said[said["law"] != "sigmoid"]
    assert others["dense_loss_predicted"].tolist() == others["dense_loss"].tolist()
    assert others["base_loss_predicted"].tolist() == others["base_loss"].tolist()


def test_with_two_sizes_none_is_larger_and_a_law_that_cannot_be_fitted_is_left_out(folder, monkeypatch):
    monkeypatch.setattr(meeting, "fit_law", Stub(refused=("transfer",)))
    cells = read_cells(folder, OPTIONS)
    said = predictions(cells[cells["size"] != "40k"].reset_index(drop=True), 0)
    assert set(said["held_out"]) == {"nothing", "above", "below"}
    assert set(said["law"]) == {"cliff", "sigmoid", *meeting.SMOOTH} - {"transfer"}


def test_scores_by_hand():
    said = pd.DataFrame(
        {
            "held_out": ["nothing", "nothing", "above"],
            "law": ["cliff", "cliff", "sigmoid"],
            "accuracy": [0.2, 0.8, 0.5],
            "recall_predicted": [0.3, 0.5, 0.1],
            "dense_loss": [1.0, 2.0, 1.0],
            "dense_loss_predicted": [1.1, 1.4, np.nan],
            "base_loss": [4.0, 2.0, 1.0],
            "base_loss_predicted": [4.4, 2.0, np.nan],
        }
    )
    found = scores(said).set_index(["held_out", "law"])
    assert found.loc[("nothing", "cliff")].tolist() == pytest.approx([2, 0.2, 0.2, 0.05])
    assert found.loc[("above", "sigmoid")].tolist() == pytest.approx([1, 0.4, np.nan, np.nan], nan_ok=True)
    assert len(found) == 2


def test_the_tables_as_written(folder, tables):
    assert {f"{name}.csv" for name in TABLES} == {path.name for path in folder.iterdir()} - {"cells.csv"}
    assert tables.sizes == list(SIZES)
    found = tables.critical.set_index("size")
    assert found["below"].to_dict() == {"40k": 0.3, "60k": 0.2, "90k": 0.1}
    assert found["above"].to_dict() == {"40k": 0.5, "60k": 0.3, "90k": 0.2}
    between = {size: (found.loc[size, "below"], found.loc[size, "above"]) for size in SIZES}
    assert found["critical"].to_dict() == pytest.approx({size: interpolated(size, *between[size]) for size in SIZES})
    assert found["critical"].to_dict() == pytest.approx(CRITICAL, rel=0.06)  # recall is no straight line
    assert set(tables.said["law"]) == {"cliff", "sigmoid", *SMOOTH}
    counted = tables.scores.set_index(["held_out", "law"])["cells"]
    assert counted.loc[[(kind, "cliff") for kind in ("nothing", "above", "below", "larger")]].tolist() == [18, 7, 7, 6]


def test_the_law_that_sees_the_cliff_is_nearer_than_smooth_ones(tables):
    errors = tables.scores.set_index(["held_out", "law"])
    rivals = [(kind, "transfer") for kind in ("nothing", "above", "below", "larger")] + [("nothing", "bimix-power")]
    for kind, rival in rivals:
        for column in ("recall_error", "dense_loss_error"):
            assert errors.loc[(kind, "cliff"), column] < 0.5 * errors.loc[(kind, rival), column]
    assert errors.loc[("nothing", "sigmoid"), "recall_error"] < 0.05
    assert (errors.loc[("nothing", ["cliff", *SMOOTH]), "base_loss_error"] < 0.02).all()


# Figures and section


def draw(figure, tables):
    set_theme()
    return figure.draw(tables)


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def at_critical(axes, ratio):
    """Whether a panel has the vertical line at this ratio."""
    return any(list(line.get_xdata()) == [ratio, ratio] for line in axes.lines)


def test_the_loss_on_facts_stands_above_its_distances_from_laws(tables):
    figure = draw(loss_on_facts, tables)
    above, below = figure.axes[:3], figure.axes[3:]
    assert [axes.get_title(loc="left") for axes in above] == list(SIZES)
    assert legend_of(figure) == ["measured", "BiMix at fixed steps", "transfer", "cliff"]
    assert (above[0].get_ylabel(), below[0].get_ylabel()) == ("loss on facts (nats)", "law off by, %")
    assert figure.get_supxlabel() == "mixing ratio of the facts"
    critical_ratios = tables.critical["critical"].to_numpy()
    for upper, lower, size, ratio in zip(above, below, SIZES, critical_ratios, strict=True):
        assert (len(upper.lines), len(lower.lines)) == (1 + 3 + 1, 3 + 1 + 1)
        dots, bimix = upper.lines[:2]
        shares = np.array([recall(size, each) for each in RATIOS])
        assert list(dots.get_xdata()) == list(RATIOS)
        assert dots.get_ydata() == pytest.approx(0.9 - 0.4 * shares - 0.02 * np.array(RATIOS))
        off = 100 * (bimix.get_ydata() / dots.get_ydata() - 1)
        assert lower.lines[0].get_ydata() == pytest.approx(off)
        assert at_critical(upper, ratio) and at_critical(lower, ratio)
        assert lower.get_ylim() == below[0].get_ylim()
        assert upper.get_xscale() == lower.get_xscale() == "log"
    plt.close(figure)


def test_recall_has_a_panel_per_size(tables):
    figure = draw(recall_of_facts, tables)
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(SIZES)
    assert legend_of(figure) == ["measured", "cliff", "transfer"]
    assert figure.axes[0].get_ylabel() == "recall accuracy"
    for axes, size, ratio in zip(figure.axes, SIZES, tables.critical["critical"], strict=True):
        assert len(axes.lines) == 1 + 2 + 1
        assert axes.lines[0].get_ydata() == pytest.approx([recall(size, each) for each in RATIOS])
        assert at_critical(axes, ratio)
        cliff = axes.lines[1].get_ydata()
        assert cliff.max() - cliff.min() > 0.6
    plt.close(figure)


def test_lines_are_means_over_seeds(tables):
    twice = [tables.said, tables.said.assign(dense_loss_predicted=tables.said["dense_loss_predicted"] + 0.2, seed=1)]
    figure, one = (draw(loss_on_facts, each) for each in (replace(tables, said=pd.concat(twice)), tables))
    assert figure.axes[0].lines[1].get_ydata() == pytest.approx(one.axes[0].lines[1].get_ydata() + 0.1)
    plt.close("all")


@pytest.mark.parametrize(("figure", "panels", "lines"), [(loss_on_facts, (0, 3), 4), (recall_of_facts, (0,), 3)])
def test_a_size_without_a_critical_ratio_has_no_line_there(figure, panels, lines, tables):
    unknown = tables.critical.assign(critical=tables.critical["critical"].where(tables.critical["size"] != "40k"))
    drawn = draw(figure, replace(tables, critical=unknown))
    for panel in panels:
        assert len(drawn.axes[panel].lines) == lines
        assert len(drawn.axes[panel + 1].lines) == lines + 1
    plt.close(drawn)


def test_rows_of_the_section_by_hand():
    found = pd.DataFrame({"size": ["40k", "60k"], "critical": [0.38571, np.nan], "below": [0.3, np.nan]})
    assert told.critical_rows(found.assign(above=[0.5, np.nan])) == [
        ["40k", ".386", ".3–.5"],
        ["60k", "not on the grid", "–"],
    ]
    errors = {"recall_error": [0.123, 0.02, 0.3], "dense_loss_error": [0.2, np.nan, 0.0512]}
    scored = pd.DataFrame({"held_out": "above", "law": ["a", "b", "c"], "cells": 7, "base_loss_error": 0.001, **errors})
    kind = "a size's ratios above the cliff"
    assert told.score_rows(scored) == [
        [kind, "c", "7", "30.0", "5.1", "0.1"],
        [kind, "a", "7", "12.3", "20.0", "0.1"],
        [kind, "b", "7", "2.0", "–", "0.1"],
    ]
    cells = pd.DataFrame({"size": "40k", "parameters": 1, "ratio": [0.1, 0.1, 0.05], "accuracy": [0.2, 0.4, 0.1]})
    assert told.cell_rows(cells.assign(dense_loss=[1.0, 2.0, 3.0], base_loss=2.0)) == [
        ["40k", ".05", "10.0", "3.000", "2.000"],
        ["40k", ".1", "30.0", "1.500", "2.000"],
    ]


def test_where_bimix_lies_off_by_hand(tables, tmp_path):
    """Means over seeds of the fits on all cells alone; smaller sizes first."""
    said = pd.DataFrame(
        [
            ("9k", 9, 0.1, 1.1), ("9k", 9, 0.1, 0.9), ("9k", 9, 0.3, 0.8), ("9k", 9, 0.5, 1.05),
            ("3k", 3, 0.1, 1.2), ("3k", 3, 0.3, 0.95), ("3k", 3, 0.5, 1.0),
        ],
        columns=["size", "parameters", "ratio", "dense_loss_predicted"],
    ).assign(dense_loss=1.0, held_out="nothing", law="bimix-power")  # fmt: skip
    other = said.assign(dense_loss_predicted=9.0)
    everything = pd.concat([said, other.assign(law="cliff"), other.assign(held_out="below")])
    ends = pd.DataFrame(
        {"size": ["3k", "9k"], "critical": [0.2, np.nan], "below": [0.1, np.nan], "above": [0.3, np.nan]}
    )
    for name in TABLES:
        write_csv(tmp_path / f"{name}.csv", getattr(tables, name))
    write_csv(tmp_path / "said.csv", everything)
    write_csv(tmp_path / "critical.csv", ends)
    write_csv(tmp_path / "cells_with_facts.csv", said)
    found = measure(tmp_path, OPTIONS)
    assert found["sizes"]["3k"] == {
        "critical": 0.2,
        "at": {
            "below": {"ratio": 0.1, "off": pytest.approx(0.2)},
            "above": {"ratio": 0.3, "off": pytest.approx(-0.05)},
            "lowest": {"ratio": 0.3, "off": pytest.approx(-0.05)},
            "highest": {"ratio": 0.1, "off": pytest.approx(0.2)},
        },
    }
    assert found["sizes"]["9k"]["critical"] is None
    assert set(found["sizes"]["9k"]["at"]) == {"lowest", "highest"}
    assert told.residual_rows(found["sizes"]) == [
        ["3k", "+20.0 % at r = .1", "−5.0 % at r = .3", "−5.0 % at r = .3", "+20.0 % at r = .1"],
        ["9k", "–", "–", "−20.0 % at r = .3", "+5.0 % at r = .5"],
    ]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_laws_nearest_to_recall_and_losses_by_hand():
    """Among those fitted on all cells, without the one that passes through every cell."""
    scored = pd.DataFrame(
        [
            ("nothing", "cliff", 0.019, 0.054), ("nothing", "sigmoid", 0.015, np.nan), ("nothing", "joint", 0.2, 0.02),
            ("nothing", "kriging", 0.001, 0.001), ("above", "cliff", 0.0, 0.0),
        ],
        columns=["held_out", "law", "recall_error", "dense_loss_error"],
    )  # fmt: skip
    assert told.nearest(scored) == {
        "recall": [("sigmoid", "1.5"), ("cliff", "1.9"), ("joint", "20.0")],
        "loss": [("joint", "2.0"), ("cliff", "5.4")],
    }


def numbers(html, label):
    """The rows of a table of the section, as texts."""
    body = html.partition(f'aria-label="{label}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [cell.partition(">")[2].partition("<")[0] for cell in row.split("<t")[1:]] for row in body.split("<tr>")[1:]
    ]


def test_the_section_shows_figures_critical_ratios_and_scores(folder, tables, tmp_path):
    for name, figure in (("loss_on_facts", loss_on_facts), ("recall_of_facts", recall_of_facts)):
        save(draw(figure, tables), tmp_path / f"{name}.svg")
    plt.close("all")
    assert {path.stem for path in tmp_path.glob("*.svg")} == set(figures("meeting"))
    html = section("meeting", "met", tables=folder, figures=sorted(tmp_path.glob("*.svg")), options=OPTIONS)
    text = " ".join(html.split())
    assert html.count("<figure") == 2
    assert "facts as one of 3 domains" in text
    assert "Here 120 people of <b>facts</b> are one domain beside code, docs, which share" in text
    assert "Where recall accuracy crosses 40 %." in text
    between = {"40k": (0.3, 0.5), "60k": (0.2, 0.3), "90k": (0.1, 0.2)}
    assert numbers(html, "critical ratios") == [
        [size, f"{interpolated(size, *ends):.3f}"[1:], "–".join(f"{end}"[1:] for end in ends)]
        for size, ends in between.items()
    ]
    assert len(numbers(html, "errors of laws")) == len(tables.scores)
    assert len(numbers(html, "cells")) == len(SIZES) * len(RATIOS)


def test_the_section_says_where_no_ratio_is_critical(tables, tmp_path):
    for name in TABLES:
        write_csv(tmp_path / f"{name}.csv", getattr(tables, name))
    gone = tables.critical.assign(**dict.fromkeys(("critical", "below", "above"), np.nan))
    write_csv(tmp_path / "critical.csv", gone)
    html = section("meeting", "met", tables=tmp_path, figures=[], options=OPTIONS)
    assert numbers(html, "critical ratios") == [[size, "not on the grid", "–"] for size in SIZES]


# The configuration


@pytest.fixture(scope="module")
def study():
    return load(merged("config.yaml") | {"run": ["meeting"]})


def test_a_mixture_is_the_ratio_of_facts_and_equal_parts_of_the_rest(study):
    found = study.experiments["meeting"]
    mixture = found.mixture(CellKey.of(size="39k", ratio=0.4, seed=0))
    assert mixture.proportions == {"synbio-120": 0.4, **dict.fromkeys(found.domains, pytest.approx(0.1))}
    assert list(mixture.sources) == found.sources == ["synbio-120", *found.domains]
    assert len(found.domains) == 6


def test_cells_are_the_union_of_blocks_and_options_say_which_source_is_which(study):
    config = json.loads(json.dumps(merged("config.yaml")))
    one = {"sizes": ["31k", "58k"], "ratios": [0.1, 0.2], "seeds": [0]}
    put("experiments.meeting.grid", [one, {"sizes": ["58k"], "ratios": [0.2], "seeds": [0, 1]}])(config)
    cells = load(config).experiments["meeting"].cells
    places = [("31k", 0.1, 0), ("31k", 0.2, 0), ("58k", 0.1, 0), ("58k", 0.2, 0), ("58k", 0.2, 1)]
    assert cells == [CellKey.of(size=size, ratio=ratio, seed=seed) for size, ratio, seed in places]
    found = study.experiments["meeting"]
    assert found.options == {"dense": "synbio-120", "domains": found.domains, "critical_accuracy": 0.4}


WRONG = {
    "dense": ("web", "dense = 'web': is no source of facts: nothing can be asked about it"),
    "grid.0.sizes.1": ("59k", "grid.0.sizes.1 = '59k': names none of the models; did you mean '58k'?"),
    "grid.0.ratios.0": (0, "grid.0.ratios.0 = 0: must lie between 0 and 1"),
    "grid.0.ratios.5": (1, "grid.0.ratios.5 = 1: must lie between 0 and 1"),
    "grid.0.tokens": ([100_000], "grid.0.tokens: is not for this kind of experiment; the recipe says how long runs"),
    "critical_accuracy": (1, "critical_accuracy = 1: input should be less than 1"),
}


@pytest.mark.parametrize(("key", "wrong"), WRONG.items())
def test_a_mistake_names_key_and_remedy(key, wrong):
    value, problem = wrong
    assert message(put(f"experiments.meeting.{key}", value)).startswith(f"config.yaml: experiments.meeting.{problem}")


def test_a_source_of_facts_that_is_not_there_is_named():
    found = message(put("experiments.meeting.dense", "synbio-121"))
    assert found.startswith("config.yaml: experiments.meeting.dense = 'synbio-121': names none of the sources; did you")


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("domains.0", "cod", "domains.0 = 'cod': names none of the sources"),
        ("domains", ["code", "code"], "domains name a source twice, or the dense one"),
        ("domains", ["code", "synbio-120"], "domains name a source twice, or the dense one"),
    ],
)
def test_domains_that_are_not_there_or_twice_are_named(key, value, problem):
    assert problem in message(put(f"experiments.meeting.{key}", value), put("run", ["meeting"]))
