"""A designed set of mixtures: that it fills the simplex, what laws are asked about it, and what the report says."""

import json
import math
import sys
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.files import write_csv, write_json
from phasemix.experiments.design import section as told
from phasemix.experiments.design.figures import law_errors, learning_curve
from phasemix.experiments.design.findings import measure
from phasemix.experiments.design.questions import (
    AS_MANY,
    ASKED,
    DRAWS,
    LEARNING,
    NEW,
    OLD,
    SIX_ONCE,
    Designed,
    ask,
    thinned,
)
from phasemix.experiments.design.questions import SIX as SIX_ALL
from phasemix.experiments.design.spec import QUESTIONS
from phasemix.experiments.design.tables import Tables
from phasemix.experiments.experiment import figures
from phasemix.fitting.comparison import COLUMNS
from phasemix.fitting.law import LawError
from phasemix.fitting.runs_table import to_runs
from phasemix.laws import load_law
from phasemix.report.figure_style import save, set_theme
from phasemix.report.section import section
from phasemix.search.simplex_design import simplex_design
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from scripts import design_exponents, design_question
from tests.conftest import merged
from tests.study.test_config import message, put

DOMAINS = ["a", "b", "c"]
TRUTH = {"a": (0.08, 60.0, 0.6, 2.0), "b": (0.2, 25.0, 0.5, 1.5), "c": (0.05, 90.0, 0.7, 3.0)}  # α, B, β, C
STEPS = range(250, 2501, 250)
POINTS, FOLDS, COUNT, SMALLER = 5, 4, 15, 8
SIZES = (1000, 2000, 4000, 8000)
LEAST = 0.05  # as in the corners: BiMix says nothing of less than half of the least proportion that it has seen
MIXTURES = simplex_design(DOMAINS, COUNT, 0.9, LEAST)
PAPER = {"one": [0.5, 0.3, 0.2], "two": [0.4, 0.35, 0.25], "three": [0.3, 0.3, 0.4], "four": [0.35, 0.4, 0.25]}
OPTIONS = {"domains": DOMAINS, "six": "paper", "corner": 0.9, "points": POINTS, "folds": FOLDS}


def inner(points):
    """The points that are neither centre nor corners."""
    return np.array([point for name, point in points.items() if name.startswith("inner-")])


def table_of(mixtures, counts, steps=STEPS, scatter=0.0):
    """Runs of BiMix with known parameters and a factor of size: of every size the first so many mixtures.

    With a ``scatter``, every mixture has two seeds, so far above and below the law.
    """
    rows = []
    for size, count in counts.items():
        for name, mixture in list(mixtures.items())[:count]:
            for seed, factor in enumerate((1 + scatter, 1 - scatter) if scatter else (1.0,)):
                for step in steps:
                    row = {"run": f"{size} {name} {seed}", "size": size, "step": step}
                    row |= {f"mix.{domain}": share for domain, share in zip(DOMAINS, mixture)}
                    for domain, share in zip(DOMAINS, mixture):
                        alpha, b, beta, c = TRUTH[domain]
                        law = share**-alpha * (b * step**-beta + c) * (1 + 30 * size**-0.5)
                        row[f"loss.{domain}"] = factor * law
                    rows.append(row)
    return pd.DataFrame(rows)


EVERY = table_of(MIXTURES, {size: COUNT if size == SIZES[-1] else SMALLER for size in SIZES})
SIX = table_of(PAPER, {SIZES[-1]: len(PAPER)}, scatter=0.001)


def designed(every=EVERY):
    return Designed(to_runs(thinned(every, POINTS)), to_runs(every), to_runs(thinned(SIX, POINTS)), FOLDS, seed=0)


class Recorder:
    """Stands for a law: keeps what it is fitted on and asked about, and says 1 to everything."""

    name = "recorder"

    def __init__(self):
        self.splits = []
        self.targets, self.skipped = tuple(DOMAINS), {}

    def fit(self, runs, seed):
        self.fitted = runs
        return self

    def predict(self, runs):
        self.splits.append((self.fitted, runs))
        return np.ones((len(runs), len(DOMAINS)))

    def parameter_counts(self):
        return np.ones(len(DOMAINS))


def splits(question, every=EVERY):
    """What laws are fitted on and asked about in a question, in its order."""
    recorder = Recorder()
    ask(question, designed(every), [recorder])
    return recorder.splits


def mixtures_in(runs):
    return {tuple(row) for row in runs.mixture.round(6)}


def error_of(found, law):
    """The greatest error of a law in any domain."""
    return found.table.query("law == @law")["mean_relative_error"].max()


# The design


def test_the_centre_stands_first_then_corners_then_inner_points():
    found = simplex_design(DOMAINS, 7, 0.8, 0.01)
    assert list(found) == ["centre", "corner-a", "corner-b", "corner-c", "inner-01", "inner-02", "inner-03"]
    assert found["centre"] == [1 / 3] * 3
    assert found["corner-b"] == pytest.approx([0.1, 0.8, 0.1])
    assert list(simplex_design(DOMAINS, 2, 0.8, 0.01)) == ["centre", "corner-a"]


@given(st.data())
def test_every_mixture_is_one_and_a_longer_design_begins_with_the_shorter(data):
    m = data.draw(st.integers(2, 7))
    corner = 1 / m + data.draw(st.floats(0.01, 0.99)) * (1 - 1 / m)
    least = data.draw(st.floats(0.001, 0.999)) * (1 - corner) / (m - 1)
    count = data.draw(st.integers(1, 40))
    domains = [f"domain-{number}" for number in range(m)]
    found = simplex_design(domains, count, corner, least)
    assert len(found) == count
    points = np.array(list(found.values()))
    assert points.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert points.min() >= least * (1 - 1e-9)
    assert len(np.unique(points.round(9), axis=0)) == count
    for number, domain in enumerate(domains[: count - 1]):
        point = found[f"corner-{domain}"]
        assert point[number] == corner
        assert np.delete(point, number) == pytest.approx((1 - corner) / (m - 1))
    longer = simplex_design(domains, count + data.draw(st.integers(1, 10)), corner, least)
    assert list(longer.items())[:count] == list(found.items())


def unevenness(points):
    """How far the distribution of a coordinate is from that of the uniform distribution: the mean over coordinates."""
    count, m = points.shape
    expected = 1 - (1 - np.sort(points, axis=0)) ** (m - 1)
    above, below = (np.arange(count) + 1)[:, None] / count, np.arange(count)[:, None] / count
    return np.maximum(above - expected, expected - below).max(axis=0).mean()


@pytest.mark.parametrize(("m", "count"), [(3, 100), (6, 17), (6, 100)])
def test_inner_points_fill_the_simplex_more_evenly_than_random_ones(m, count):
    points = inner(simplex_design([str(number) for number in range(m)], 1 + m + count, 0.9, 1e-12))
    assert len(points) == count
    drawn = [np.random.default_rng(seed).dirichlet(np.ones(m), count) for seed in range(41)]
    assert unevenness(points) < np.quantile([unevenness(each) for each in drawn], 0.1)
    assert np.abs(points.mean(axis=0) - 1 / m).max() < 0.03
    nearest = [_mean_nearest(each) for each in drawn]
    assert _mean_nearest(points) > np.median(nearest)


def _mean_nearest(points):
    """The mean distance of a point from its nearest neighbour."""
    apart = np.linalg.norm(points[:, None] - points, axis=2) + 9 * np.eye(len(points))
    return apart.min(axis=1).mean()


def test_the_least_proportion_shrinks_the_inner_points_towards_the_centre():
    free, held = (inner(simplex_design(DOMAINS, 10, 0.8, least)) for least in (0.0, 0.1))
    np.testing.assert_allclose(held, 0.1 + 0.7 * free)


# What laws are asked


@pytest.mark.parametrize("points", [1, 2, 3, 5, 7, 10])
def test_thinned_keeps_the_last_step_and_evenly_spaced_ones(points):
    steps = np.array(STEPS)
    found = thinned(EVERY, points)
    kept = np.sort(found["step"].unique())
    assert len(kept) == points
    assert kept[-1] == steps[-1]
    gaps = np.diff(np.flatnonzero(np.isin(steps, kept)))
    assert np.ptp(gaps) <= 1 if points > 1 else not len(gaps)
    pd.testing.assert_frame_equal(found, EVERY[EVERY["step"].isin(kept)])


def test_mixtures_are_asked_once_each_by_fits_without_them_at_the_largest_size():
    found = splits("mixtures")
    assert len(found) == FOLDS
    asked = [mixture for _, test in found for mixture in mixtures_in(test)]
    assert len(asked) == len(set(asked)) == COUNT
    for train, test in found:
        assert not mixtures_in(train) & mixtures_in(test)
        assert set(train.size) == set(test.size) == {SIZES[-1]}
        assert len(train) + len(test) == COUNT * POINTS


def test_the_last_fifth_of_all_steps_is_held_out():
    ((train, test),) = splits("steps")
    assert set(test.step) == {2250, 2500}
    assert set(train.step) == set(STEPS[:-2])
    assert set(train.size) == set(test.size) == {SIZES[-1]}
    assert len(mixtures_in(train)) == len(mixtures_in(test)) == COUNT


def test_the_largest_size_is_predicted_from_all_smaller_ones():
    (train, test), (again, new) = splits("size")
    assert set(train.size) == set(SIZES[:-1])
    assert set(test.size) == set(new.size) == {SIZES[-1]}
    assert (len(train), len(test)) == (3 * SMALLER * POINTS, SMALLER * POINTS)
    assert mixtures_in(test) == mixtures_in(train)  # a new size alone, and no new mixtures …
    assert len(mixtures_in(new)) == COUNT - SMALLER  # … and then a new size and new mixtures
    assert not mixtures_in(new) & mixtures_in(train)
    np.testing.assert_array_equal(again.loss, train.loss)


def test_learning_curves_ask_the_same_mixtures_whatever_was_fitted():
    every = table_of(simplex_design(DOMAINS, 19, 0.9, LEAST), {1000: 4, 8000: 19})
    found = splits("learning", every)
    counts = [len(mixtures_in(train)) for train, _ in found]
    assert counts == [6] * DRAWS + [9] * DRAWS + [12] * DRAWS  # 15 would leave 4 to be asked about
    for train, test in found:
        assert not mixtures_in(train) & mixtures_in(test)
        assert len(mixtures_in(test)) == ASKED
        assert set(train.size) == set(test.size) == {8000}
    for draw in range(DRAWS):
        assert len({frozenset(mixtures_in(test)) for _, test in found[draw::DRAWS]}) == 1
        fewer, more = (mixtures_in(train) for train, _ in found[draw::DRAWS][:2])
        assert fewer < more
    for first in range(0, len(found), DRAWS):
        drawn = [mixtures_in(train) for train, _ in found[first : first + DRAWS]]
        assert all(one != other for one, other in combinations(drawn, 2))
    again = splits("learning", every)
    assert [mixtures_in(train) for train, _ in again] == [mixtures_in(train) for train, _ in found]


def test_six_fits_on_either_set_and_asks_the_same_rows():
    found = splits("six")
    paper, once, own = found[:DRAWS], found[DRAWS : 2 * DRAWS], found[2 * DRAWS :]
    assert len(own) == DRAWS
    for train, _ in once:
        assert mixtures_in(train) == {tuple(mixture) for mixture in PAPER.values()}
        assert len(train) == len(np.unique(train.run)) * POINTS == len(PAPER) * POINTS  # a seed of each
    for (train, test), (own_train, own_test) in zip(paper, own, strict=True):
        assert mixtures_in(train) == {tuple(mixture) for mixture in PAPER.values()}
        assert len(train) == 2 * len(PAPER) * POINTS  # with all their seeds
        assert len(mixtures_in(own_train)) == len(PAPER)
        assert len(own_train) == len(PAPER) * POINTS
        np.testing.assert_array_equal(test.loss, own_test.loss)
        assert set(test.size) == {SIZES[-1]}
        assert not mixtures_in(own_train) & mixtures_in(own_test)
        assert len(mixtures_in(own_test)) == COUNT - len(PAPER)


@pytest.fixture(scope="module")
def answers():
    """What BiMix, the additive law, and one that needs facts say of runs of BiMix, by question."""
    laws = [load_law(name) for name in ("bimix", "additive", "cliff")]
    return {question: ask(question, designed(), laws) for question in QUESTIONS}


@pytest.mark.parametrize("question", ["mixtures", "steps", "size"])
def test_the_true_law_is_exact_and_another_is_not(question, answers):
    found = answers[question]
    assert list(found.table.columns) == (["setting"] if question == "size" else []) + COLUMNS
    assert error_of(found, "bimix") < 1e-5
    assert error_of(found, "additive") > 1e-3
    assert set(found.table["domain"]) == set(DOMAINS)


def test_learning_has_a_setting_per_number_of_mixtures(answers):
    table = answers["learning"].table
    assert list(table.columns) == ["setting", *COLUMNS]
    assert set(table["setting"]) == {str(count) for count in LEARNING if count <= COUNT - ASKED} == {"6", "9"}
    for setting, part in table.groupby("setting"):
        assert set(part["n_train"]) == {int(setting) * POINTS}
        assert set(part["n_test"]) == {DRAWS * ASKED * POINTS}
    assert len(table) == 2 * 2 * len(DOMAINS)  # settings, laws


def test_six_has_both_settings(answers):
    table = answers["six"].table
    assert list(dict.fromkeys(table["setting"])) == [SIX_ALL, SIX_ONCE, AS_MANY]
    assert set(table["n_test"]) == {DRAWS * (COUNT - len(PAPER)) * POINTS}
    lengths = table.groupby("setting")["n_train"].unique().map(list).to_dict()
    once = len(PAPER) * POINTS
    assert lengths == {SIX_ALL: [2 * once], SIX_ONCE: [once], AS_MANY: [once]}
    noise = table.set_index("setting")["noise_multiple"]
    assert noise["paper B's"].notna().all()  # whose mixtures have several seeds
    assert noise["designed"].isna().all()


def test_a_law_that_cannot_answer_is_in_the_notes(answers):
    reason = "left out: cliff needs a domain of facts: a column facts.<domain> with their bits"
    for question in ("mixtures", "steps"):
        assert reason in answers[question].notes
    for question, settings in (("size", (OLD, NEW)), ("learning", ("6", "9")), ("six", (SIX_ALL, SIX_ONCE, AS_MANY))):
        assert [note for note in answers[question].notes if reason in note] == [
            f"{name}: {reason}" for name in settings
        ]
    assert all("cliff" not in set(found.table["law"]) for found in answers.values())


def test_a_law_that_answers_some_settings_only_is_no_error():
    """The additive law has 7 numbers a domain and needs more rows than that; here every mixture has one."""
    few = thinned(EVERY, 1)
    asked = Designed(to_runs(few), to_runs(EVERY), to_runs(SIX), FOLDS, seed=0)
    found = ask("learning", asked, [load_law("additive")])
    assert set(found.table["setting"]) == {"9"}
    (note,) = found.notes
    assert note.startswith("6: no law can be compared on these runs: left out: additive has 7 parameters a domain")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_that_no_law_answers_is_an_error_that_says_why(question):
    with pytest.raises(LawError, match="no law can be compared on these runs: left out: cliff needs a domain of facts"):
        ask(question, designed(), [load_law("cliff")])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("mixtures", "folds must be from 2 to 3, the number of different mixtures, not 4"),
        ("learning", "3 mixtures are too few for a learning curve: it needs 12"),
        ("six", "3 designed mixtures that paper B's are not among are too few beside 4 of these"),
    ],
)
def test_too_few_mixtures_are_one_clear_line(question, words):
    few = designed(table_of(MIXTURES, {1000: 3, 8000: 3}))
    with pytest.raises(LawError, match=words):
        ask(question, few, [load_law("bimix")])


def test_sizes_and_steps_that_do_not_vary_are_one_clear_line():
    with pytest.raises(LawError, match="needs a column size with more than one value"):
        ask("size", designed(EVERY[EVERY["size"] == SIZES[-1]]), [load_law("bimix")])
    with pytest.raises(LawError, match="needs runs with more than one step"):
        ask("steps", designed(EVERY[EVERY["step"] == STEPS[-1]]), [load_law("bimix")])


# The script, tables, figures and section


CELLS = pd.DataFrame([run.split() for run in EVERY["run"].unique()], columns=["size", "mixture", "seed"]).assign(
    **{"epochs.a": 0.5, "epochs.b": 0.2}
)
CELLS.loc[3, "epochs.a"] = 6.4


def write_tables(folder, tables):
    write_csv(folder / "runs.csv", EVERY)
    write_csv(folder / "cells.csv", CELLS)
    write_csv(folder / "exponents.csv", tables.exponents)
    for name in QUESTIONS:
        write_csv(folder / f"{name}.csv", tables.answers[name])
        write_csv(folder / f"{name}.errors.csv", tables.errors_by_run[name])
        write_json(folder / f"{name}.notes.json", tables.notes[name])


@pytest.mark.parametrize("question", ["mixtures", "six"])
def test_the_script_writes_what_laws_answered(question, answers, monkeypatch, tmp_path):
    write_csv(tmp_path / "runs.csv", EVERY)
    write_csv(tmp_path / "six.csv", SIX)
    line = f"script --question {question} --runs runs.csv --six six.csv --points {POINTS} --folds {FOLDS} --seed 0"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", f"{line} --table said/t.csv --errors said/e.csv --notes said/n.json".split())
    monkeypatch.setattr(design_question, "NAMES", ("bimix", "cliff"))
    design_question.main()
    expected = answers[question].table.query("law == 'bimix'").reset_index(drop=True)
    written = pd.read_csv("said/t.csv")
    pd.testing.assert_frame_equal(written.drop(columns="seconds"), expected.drop(columns="seconds"))
    expected = answers[question].errors.query("law == 'bimix'").reset_index(drop=True)
    pd.testing.assert_frame_equal(pd.read_csv("said/e.csv"), expected)
    assert json.loads((tmp_path / "said/n.json").read_text()) == answers[question].notes


def test_exponents_are_recovered_from_either_set_by_the_script(monkeypatch, tmp_path):
    write_csv(tmp_path / "runs.csv", EVERY)
    write_csv(tmp_path / "six.csv", SIX)
    line = (
        f"script --runs runs.csv --six six.csv --points {POINTS} --confidence 0.9 --seed 0 --table said/exponents.csv"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", line.split())
    design_exponents.main()
    found = pd.read_csv("said/exponents.csv")
    assert found["fitted_on"].tolist() == 3 * ["paper B's"] + 3 * ["designed"]
    assert found["domain"].tolist() == 2 * DOMAINS
    truth = [TRUTH[domain][0] for domain in found["domain"]]
    assert found["alpha"].to_numpy() == pytest.approx(truth, rel=0.02)
    exact = found[found["fitted_on"] == "designed"]
    assert exact["alpha"].to_numpy() == pytest.approx(truth[3:], rel=1e-4)
    assert ((found["low"] <= found["alpha"]) & (found["alpha"] <= found["high"])).all()


def rows(errors, **where):
    """Rows of a comparison: by law, errors of the domains."""
    return pd.DataFrame(
        [
            {**where, "law": law, "domain": domain, "mean_relative_error": error, "noise_multiple": np.nan}
            | {"r2_log": 0.9, "spearman": 0.8, "n_parameters": 4, "n_train": 30, "n_test": 10, "seconds": 0.1}
            for law, own in errors.items()
            for domain, error in zip(DOMAINS, own)
        ]
    )


ERRORS = {"additive": (0.02, 0.04, 0.06), "bimix": (0.03, 0.03, 0.03), "transfer": (0.006, 0.008, 0.01)}
PARTIAL = {"kriging": (0.001, 0.001)}  # the best, and of two domains alone


HALVES = {law: np.array(own) / 2 for law, own in ERRORS.items()}
PLACES_OF = {"centre": 0.5, "corner-a": 2, "corner-b": 4, "inner-01": 1}  # mixtures, and how much greater errors are
EXPONENTS = pd.DataFrame(
    [
        {"fitted_on": name, "domain": domain, "alpha": alpha, "low": alpha - 0.01, "high": alpha + 0.01}
        for name, alphas in (("paper B's", (0.1, 0.2, 0.3)), ("designed", (0.15, 0.25, 0.35)))
        for domain, alpha in zip(DOMAINS, alphas)
    ]
)


def made_tables(mixtures=ERRORS, steps=ERRORS, size=ERRORS, learning=None, six=None):
    """Tables with these errors, which single runs have by their mixture, and the second of two draws twice."""
    settings = {
        "size": {OLD: size},
        "learning": learning or {"6": ERRORS, "12": HALVES},
        "six": six or {SIX_ALL: ERRORS, AS_MANY: {"additive": (0.02,) * 3, "transfer": (0.05,) * 3}},
    }
    found = {"mixtures": rows(mixtures), "steps": rows(steps)}
    found |= {
        name: pd.concat([rows(each, setting=setting) for setting, each in own.items()])
        for name, own in settings.items()
    }
    errors = {
        name: pd.concat(
            table.assign(run=f"8000 {mixture} 0", split=split, relative_error=table["mean_relative_error"] * times * by)
            for mixture, times in PLACES_OF.items()
            for split, by in enumerate((1, 2) if name == "learning" else (1,))
        )
        for name, table in found.items()
    }
    names = dict(zip(CELLS[["size", "mixture", "seed"]].agg(" ".join, axis=1), CELLS["mixture"]))
    return Tables(found, errors, {name: [] for name in QUESTIONS}, EXPONENTS, names, to_runs(EVERY))


def test_errors_are_means_over_domains_of_laws_that_answered_for_all():
    tables = made_tables(ERRORS | PARTIAL, learning={"6": ERRORS | PARTIAL, "8": PARTIAL, "12": ERRORS})
    assert tables.errors("mixtures").to_dict() == pytest.approx({"additive": 0.04, "bimix": 0.03, "transfer": 0.008})
    assert tables.settings("learning") == ["6", "12"]
    assert set(tables.errors("learning", "12").index) == set(ERRORS)
    assert tables.errors("learning", "6")["bimix"] == pytest.approx(0.03)


def test_findings_of_held_out_mixtures_by_hand(tmp_path):
    write_tables(tmp_path, made_tables(ERRORS | PARTIAL))
    found = measure(tmp_path, OPTIONS)
    assert list(found["mixtures"]) == ["transfer", "bimix", "additive"]
    best = found["mixtures"]["transfer"]
    assert (best["hardest"], best["others"]) == ("c", pytest.approx(0.007))
    assert best["domains"] == pytest.approx({"a": 0.006, "b": 0.008, "c": 0.01})
    assert best["places"] == pytest.approx({"centre": 0.004, "corners": 0.024, "inner": 0.008})
    assert found["six"] == {
        SIX_ALL: pytest.approx({"additive": 0.04, "bimix": 0.03, "transfer": 0.008}),
        AS_MANY: pytest.approx({"additive": 0.02, "transfer": 0.05}),
    }
    assert found["exponents"] == EXPONENTS.to_dict("records")
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def draw(figure, tables):
    set_theme()
    return figure.draw(tables)


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_the_figure_of_errors_has_a_row_per_law_the_best_on_mixtures_at_the_top():
    figure = draw(law_errors, made_tables(steps=ERRORS | PARTIAL, size={"bimix": (0.01, 0.02, 0.03)}))
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["additive", "bimix", "transfer"]
    assert legend_of(figure) == ["mixtures", "last steps", "the largest size"]
    mixtures, steps, size, bar = axes.lines
    assert dict(zip(mixtures.get_ydata(), mixtures.get_xdata())) == pytest.approx({0: 4, 1: 3, 2: 0.8})  # per cent
    assert len(steps.get_xdata()) == 3  # kriging answered for two domains alone
    assert (list(size.get_xdata()), list(size.get_ydata())) == ([pytest.approx(2)], [1])
    assert list(bar.get_xdata()) == [1, 1]
    assert axes.get_xlabel() == "mean relative error"
    plt.close(figure)


@pytest.mark.parametrize(
    "size",
    [ERRORS, ERRORS | {"joint": (0.1,) * 3}],
    ids=["steps", "steps and size"],
)
def test_a_law_that_says_nothing_of_mixtures_has_one_row_below(size):
    figure = draw(law_errors, made_tables(steps=ERRORS | {"joint": (0.1,) * 3}, size=size))
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    plt.close(figure)
    assert labels == ["joint", "additive", "bimix", "transfer"]


def test_the_learning_curve_has_a_line_per_law_over_numbers_of_mixtures():
    one = {"6": ERRORS | PARTIAL | {"regmix-linear": (0.1,) * 3}, "12": {"transfer": (0.004,) * 3}}
    figure = draw(learning_curve, made_tables(learning=one))
    (axes,) = figure.axes
    *curves, bar = axes.lines
    lines = {line.get_label(): (line.get_xdata().tolist(), line.get_ydata().tolist()) for line in curves}
    assert set(lines) == set(legend_of(figure)) == set(ERRORS)  # the linear regression is not shown
    assert lines["transfer"] == ([6, 12], pytest.approx([0.8, 0.4]))
    assert lines["bimix"] == ([6], pytest.approx([3.0]))
    assert axes.get_xticks().tolist() == [6, 12]
    assert list(bar.get_ydata()) == [1, 1]
    assert axes.get_xlabel() == "mixtures fitted on"
    plt.close(figure)


def test_the_learning_table_has_ranges_over_draws_and_how_many_mixtures_are_enough():
    """Runs of the draws have 1.875 and 3.75 times the mean errors of :data:`ERRORS`."""
    tables = made_tables(learning={"6": ERRORS, "12": HALVES | {"additive": (0.0392, 0.0392, 0.0392)}})
    assert told.learning_rows(tables, ["6", "12"]) == [
        ["transfer", "0.80 (1.50–3.00)", "0.40 (0.75–1.50)", "12"],
        ["bimix", "3.00 (5.62–11.25)", "1.50 (2.81–5.62)", "12"],
        ["additive", "4.00 (7.50–15.00)", "3.92 (7.35–14.70)", "6"],
    ]


@pytest.mark.parametrize(
    ("errors", "number"),
    [((3, 2, 1), "12"), ((1.09, 1.05, 1), "6"), ((1, 1.2, 1.05), "12"), ((2, 1.1, 1), "9"), ((1, 3, 2.5), "–")],
)
def test_enough_are_the_mixtures_from_which_on_the_error_stays_near_its_least(errors, number):
    assert told.enough(pd.Series(errors, index=["6", "9", "12"])) == number


def test_absurd_errors_are_told_as_such():
    assert [told.percent(share) for share in (0.0123, 9.99, 10.01, 5e19, math.inf, math.nan)] == [
        "1.23", "999.00", "> 1,000", "> 1,000", "> 1,000", "–",
    ]  # fmt: skip


def test_rows_of_the_section_by_hand(tmp_path):
    tables = made_tables()
    write_tables(tmp_path, tables)
    found = measure(tmp_path, OPTIONS)
    assert told.score_rows(tables.answers["mixtures"])[0] == ["transfer", "3", "0.80", "0.900", "80.0", "4"]
    assert told.six_rows(found["six"]) == [
        ["additive", "4.00", "2.00"],
        ["transfer", "0.80", "5.00"],
        ["bimix", "3.00", "–"],
    ]
    assert told.place_rows(found["mixtures"])[0] == ["transfer", "0.40", "2.40", "0.80"]
    assert told.exponent_rows(EXPONENTS)[:2] == [
        ["domain", "paper B's", "designed"],
        ["a", "0.100 (0.090 to 0.110)", "0.150 (0.140 to 0.160)"],
    ]
    assert told.domain_rows(rows(ERRORS | {"kriging": (0.05, 0.07)})) == [
        ["law", "a", "b", "c"],
        ["transfer", "0.60", "0.80", "1.00"],
        ["bimix", "3.00", "3.00", "3.00"],
        ["additive", "2.00", "4.00", "6.00"],
        ["kriging", "5.00", "7.00", "–"],
    ]


@pytest.mark.parametrize(
    ("best", "told_of"),
    [
        ((0.006, 0.008, 0.01), "<b>transfer</b> has 0.80 %, BiMix has 3.00 %: met."),
        ((0.012, 0.012, 0.012), "<b>transfer</b> has 1.20 %, BiMix has 3.00 %: not met."),
        ((0.035, 0.035, 0.035), "<b>bimix</b> has 3.00 %, BiMix has 3.00 %: not met."),
    ],
)
def test_the_section_says_whether_the_best_law_met_the_bar(best, told_of, tmp_path):
    write_tables(tmp_path, made_tables(ERRORS | {"transfer": best}))
    html = section("design", "spread", tables=tmp_path, figures=[], options=OPTIONS)
    assert told_of in " ".join(html.split())


def test_a_best_law_of_some_domains_alone_does_not_count(tmp_path):
    write_tables(tmp_path, made_tables({"additive": (0.02, 0.04, 0.06)} | PARTIAL))
    html = section("design", "spread", tables=tmp_path, figures=[], options=OPTIONS)
    assert "<b>additive</b> has 4.00 %, BiMix could not be fitted: not met." in " ".join(html.split())


def test_rows_and_head_of_the_learning_table_are_of_the_same_numbers(tmp_path):
    write_tables(tmp_path, made_tables(learning={"6": PARTIAL, "12": ERRORS}))
    found = told.values(tmp_path, OPTIONS)
    assert {len(row) for row in found["learning"]} == {2 + len(found["learning_columns"])}


def test_the_section_shows_figures_tables_and_what_was_left_out(answers, tmp_path):
    said = {question: found.table for question, found in answers.items()}
    notes = {question: found.notes for question, found in answers.items()}
    errors = {question: found.errors for question, found in answers.items()}
    write_tables(tmp_path, Tables(said, errors, notes, EXPONENTS, {}, to_runs(EVERY)))
    tables = Tables.read(tmp_path, OPTIONS)
    for name, figure in (("law_errors", law_errors), ("learning_curve", learning_curve)):
        save(draw(figure, tables), tmp_path / f"{name}.svg")
    plt.close("all")
    assert {path.stem for path in tmp_path.glob("*.svg")} == set(figures("design"))
    html = section("design", "spread", tables=tmp_path, figures=sorted(tmp_path.glob("*.svg")), options=OPTIONS)
    assert html.count("<figure") == 2
    assert f"{COUNT} at 8,000 parameters" in html
    assert "<b>bimix</b> has 0.00 %, BiMix has 0.00 %: met." in " ".join(html.split())
    assert '<th scope="col">6</th><th scope="col">9</th>' in html
    assert "<b>learning</b>: 6: left out: cliff needs a domain of facts: a column facts.&lt;domain&gt;" in html
    assert "read up to 6.4 times" in " ".join(html.split())
    rows_of_six = html.partition('aria-label="paper B&#39;s mixtures"')[2].partition("</table>")[0]
    assert rows_of_six.count('<th scope="row">') == 2
    assert "The largest size, on new mixtures" in html


# The configuration


@pytest.fixture(scope="module")
def study():
    return load(merged("config.yaml") | {"run": ["design"]})


def test_cells_are_the_first_mixtures_of_every_block(study):
    found = study.experiments["design"]
    domains, design = found.domains, simplex_design(found.domains, 24, found.corner, found.least)
    by_size = pd.Series([key.size for key in found.cells]).value_counts().to_dict()
    assert by_size == {"166k": 24, "31k": 7, "58k": 7, "106k": 7}
    names = {size: [dict(key.pairs)["mixture"] for key in found.cells if key.size == size] for size in by_size}
    assert names["166k"] == list(design)
    assert names["31k"] == list(design)[:7]
    key = CellKey.of(size="58k", mixture=f"corner-{domains[1]}", seed=0)
    assert found.mixture(key).proportions == dict(zip(domains, design[f"corner-{domains[1]}"]))
    assert found.reads == ["bimix"]
    assert found.needs == ["bimix"]
    assert found.options == {"domains": domains, "six": "bimix", "corner": 0.9, "points": 5, "folds": 6}


def test_a_cell_in_two_blocks_is_one_cell():
    config = json.loads(json.dumps(merged("config.yaml")))
    put("experiments.design.blocks", [{"sizes": ["166k"], "mixtures": count, "seeds": [0]} for count in (12, 14)])(
        config
    )
    assert len(load(config).experiments["design"].cells) == 14


ALL_DOMAINS = ["docstrings", "code", "tests", "headers", "stubs", "metadata"]
OTHER_ORDER = [*ALL_DOMAINS[1:], ALL_DOMAINS[0]]
WRONG = {
    "blocks.1.sizes.2": ("59k", "blocks.1.sizes.2 = '59k': names none of the models; did you mean '58k'?"),
    "six": ("transition", "six = 'transition': is no experiment of kind bimix"),
    "domains": (
        OTHER_ORDER,
        "domains: must be those of bimix, in its order: docstrings, code, tests, headers, stubs, ",
    ),
    "recipe.tokens": (7_000_000, "recipe: and tokenizer must be those of bimix, whose runs are compared"),
    "tokenizer": ("laptop", "recipe: and tokenizer must be those of bimix, whose runs are compared"),
    "blocks.0.sizes": (["106k"], "blocks: has 0 mixtures at 166k, the size of bimix; laws need 12"),
    "folds": (1, "folds = 1: input should be greater than or equal to 2"),
    "blocks.0.mixtures": (0, "blocks.0.mixtures = 0: input should be greater than 0"),
    "corner": (1.0, "corner = 1.0: input should be less than 1"),
}


@pytest.mark.parametrize(("key", "wrong"), WRONG.items())
def test_a_mistake_names_key_and_remedy(key, wrong):
    value, problem = wrong
    assert message(put(f"experiments.design.{key}", value)).startswith(f"config.yaml: experiments.design.{problem}")


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("least", 0.2, "least 0.2 leaves nothing to mix: 6 domains have it"),
        ("domains", ["code", "code"], "domains names one twice"),
        ("corner", 0.98, "corner 0.98 leaves the other domains less than least, 0.005"),
        ("folds", 25, "blocks: has 24 mixtures at 166k, the size of bimix; laws need 25"),
    ],
)
def test_a_design_that_is_none_is_told_before_anything_is_trained(key, value, problem):
    assert problem in message(put(f"experiments.design.{key}", value))
