"""The table of runs: what is read, renormalised, refused; never a traceback."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.fitting.comparison import compare
from phasemix.fitting.runs_table import read_runs, to_runs
from phasemix.fitting.splits import hold_out
from phasemix.fitting.table_file import TableError
from phasemix.laws import NAMES, load_law

GOOD = pd.DataFrame(
    {
        "run": ["r1", "r1", "r2", "r2"],
        "step": [100, 200, 100, 200],
        "mix.web": [0.25, 0.25, 0.5, 0.5],
        "mix.code": [0.75, 0.75, 0.5, 0.5],
        "loss.web": [3.5, 3.2, 3.3, 3.0],
        "loss.chat": [2.5, 2.2, 2.6, 2.3],
    }
)


def test_csv_and_parquet_are_the_same(tmp_path):
    GOOD.to_csv(tmp_path / "runs.csv", index=False)
    GOOD.to_parquet(tmp_path / "runs.parquet", index=False)
    for name in ("runs.csv", "runs.parquet"):
        runs = read_runs(tmp_path / name)
        assert runs.domains == ("web", "code")
        assert runs.targets == ("web", "chat")
        assert runs.step.tolist() == [100, 200, 100, 200]
        assert runs.run_numbers.tolist() == runs.mixture_numbers.tolist() == [0, 0, 1, 1]
        assert runs.size is None
        assert not runs.notes


def test_spaces_blank_lines_and_rounding_noise_are_forgiven(tmp_path):
    (tmp_path / "runs.csv").write_text("\nrun, mix.a, mix.b, loss.a\n007, 1, -2.7e-17, 2.5\n\n")
    runs = read_runs(tmp_path / "runs.csv")
    assert runs.run.tolist() == ["007"]
    assert runs.mixture.tolist() == [[1, 0]]


def test_booleans_and_dates_are_no_numbers():
    for values in ([True, False, True, False], pd.to_datetime(["2026-01-01"] * 4)):
        with pytest.raises(TableError, match=r"loss\.web = .* is not a finite number"):
            to_runs(GOOD.assign(**{"loss.web": values}))


def test_sums_within_one_per_cent_are_renormalised_and_said():
    runs = to_runs(GOOD.assign(**{"mix.web": [0.251, 0.251, 0.495, 0.495]}))
    np.testing.assert_allclose(runs.mixture.sum(axis=1), 1)
    np.testing.assert_allclose(runs.mixture[2], [0.495 / 0.995, 0.5 / 0.995])
    assert runs.notes == ("renormalised 4 of 4 rows, whose proportions sum to 0.995–1.001",)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda t: t.drop(columns="run"), "lacks the column run"),
        (lambda t: t.drop(columns="mix.web"), "needs two or more columns mix.<domain>, has 1"),
        (lambda t: t.drop(columns=["loss.web", "loss.chat"]), "needs a column loss.<domain>"),
        (lambda t: t.iloc[:0], "has no rows"),
        (lambda t: t.rename(columns={"mix.web": "mix."}), "has a column mix. without a domain's name"),
        (lambda t: t.assign(run=["r1", "", "r2", "r2"]), "row 2 (run ) has no name in column run"),
        (lambda t: t.assign(**{"loss.web": [3.5, "abc", 3.3, 3]}), "row 2 (run r1): loss.web = 'abc' is not a finite"),
        (lambda t: t.assign(**{"loss.web": [3.5, 3, np.inf, 3]}), "row 3 (run r2): loss.web = 'inf' is not a finite"),
        (lambda t: t.assign(**{"loss.web": [3.5, None, 3, 3]}), "row 2 (run r1): loss.web = '' is not a finite"),
        (lambda t: t.assign(**{"loss.web": [3.5, 0, 3, 3]}), "row 2 (run r1): loss.web = 0 must be above 0"),
        (lambda t: t.assign(**{"mix.web": [-0.1, 0.25, 0.5, 0.5]}), "row 1 (run r1): mix.web = -0.1 must be at least"),
        (lambda t: t.assign(**{"mix.web": [0.25, 0.25, 0.6, 0.6]}), "row 3 (run r2): the proportions sum to 1.1, not"),
        (lambda t: t.assign(step=[100, 100, 100, 200]), "row 2 (run r1) repeats row 1: a run has one row for each"),
        (lambda t: t.assign(step=[100, 0, 100, 200]), "row 2 (run r1): step = 0 must be above 0"),
        (
            lambda t: t.assign(**{"mix.web": [0.25, 0.5, 0.5, 0.5], "mix.code": [0.75, 0.5, 0.5, 0.5]}),
            "row 2 (run r1) has another mixture than the run's first row",
        ),
    ],
)  # fmt: skip
def test_bad_tables_are_one_line(change, line, tmp_path):
    change(GOOD.astype(object)).to_csv(tmp_path / "runs.csv", index=False)
    with pytest.raises(PhasemixError) as error:
        read_runs(tmp_path / "runs.csv")
    assert str(error.value).startswith(f"{tmp_path / 'runs.csv'}: ")
    assert line in str(error.value)


CELL = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0, 1, 0.5, 0.25, 1e-300, 1e300, "", "abc", None, True]),
    st.floats(0, 1),
)


@st.composite
def tables(draw):
    """Tables near the format: proportions that mostly sum to 1, cells that are mostly numbers."""
    rows = draw(st.integers(0, 12))
    domains = draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=3))
    table = {"run": draw(st.lists(st.sampled_from(["x", "y", "z", "", "1"]), min_size=rows, max_size=rows))}
    shares = [draw(st.lists(st.floats(0.01, 1), min_size=rows, max_size=rows)) for _ in domains]
    total = [sum(row) for row in zip(*shares, strict=True)] if domains else []
    for name, share in zip(domains, shares, strict=True):
        table[f"mix.{name}"] = [value / whole for value, whole in zip(share, total, strict=True)]
    for name in draw(st.lists(st.sampled_from("abe"), unique=True, max_size=2)):
        table[f"loss.{name}"] = draw(st.lists(st.floats(0.5, 9), min_size=rows, max_size=rows))
    for axis in draw(st.lists(st.sampled_from(["step", "size"]), unique=True)):
        table[axis] = draw(st.lists(st.sampled_from([1.0, 10.0, 100.0, 1e9]), min_size=rows, max_size=rows))
    frame = pd.DataFrame(table).astype(object)
    for _ in range(draw(st.integers(0, 1))):
        if rows and len(frame.columns):
            frame.iloc[draw(st.integers(0, rows - 1)), draw(st.integers(0, len(frame.columns) - 1))] = draw(CELL)
    return frame


@given(tables())
def test_any_table_is_read_or_refused_in_one_line(table):
    try:
        runs = to_runs(table)
    except TableError as error:
        assert str(error)
        assert "\n" not in str(error)
        return
    assert np.isfinite(runs.mixture).all()
    np.testing.assert_allclose(runs.mixture.sum(axis=1), 1)
    assert (runs.loss > 0).all()


@given(tables(), st.sampled_from(["mixtures", "steps", "size"]), st.sampled_from(NAMES))
def test_any_table_is_compared_or_refused_in_one_line(table, holdout, name):
    """Few rows, one mixture, domains that never vary: a table of finite scores or one line."""
    try:
        runs = to_runs(table)
        found = compare([hold_out(runs, holdout, 0.3, seed=0)], [load_law(name)])
    except PhasemixError as error:
        assert "\n" not in str(error)
        return
    assert np.isfinite(found.table["mean_relative_error"]).all()


def with_facts(**columns):
    table = {"run": ["a", "b"], "mix.web": [0.5, 1.0], "mix.people": [0.5, 0.0], "loss.web": [3.0, 2.9]}
    return to_runs(pd.DataFrame(table | columns))


def test_facts_and_recall():
    runs = with_facts(**{"facts.people": [3000.0, 0.0], "recall.people": [0.4, None]})
    assert runs.facts.tolist() == [[0.0, 3000.0], [0.0, 0.0]]
    np.testing.assert_array_equal(runs.recall, [[np.nan, 0.4], [np.nan, np.nan]])
    again = to_runs(pd.DataFrame(runs.columns()))
    np.testing.assert_array_equal(again.recall, runs.recall)
    np.testing.assert_array_equal(again.facts, runs.facts)
    turned = runs.aligned(("people", "web"))
    assert turned.facts.tolist() == [[3000.0, 0.0], [0.0, 0.0]]
    assert with_facts().facts is None


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_says_by_an_empty_cell_that_nobody_asked(tmp_path, ending):
    """Of web, nobody ever asks: its whole column is empty, as the tables of our own experiments have it."""
    runs = with_facts(**{"facts.people": [3000.0, 0.0], "recall.people": [0.4, None], "recall.web": [None, None]})
    table, path = pd.DataFrame(runs.columns()), tmp_path / f"runs.{ending}"
    table.to_csv(path, index=False) if ending == "csv" else table.to_parquet(path)
    np.testing.assert_array_equal(read_runs(path).recall, [[np.nan, 0.4], [np.nan, np.nan]])


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({"facts.cats": [1.0, 1.0]}, "has a column facts.cats, but no column mix.cats"),
        ({"recall.people": [0.5, 0.5]}, "it needs the bits of the facts, facts.<domain>, as well"),
        ({"facts.people": [1.0, 1.0], "recall.people": [0.5, 1.5]}, "row 2 (run b) has a recall.<domain> above 1"),
        ({"facts.people": [1.0, -1.0]}, "row 2 (run b): facts.people = -1 must be at least 0"),
        ({"facts.people": [1.0, 1.0], "recall.people": ["x", None]}, "row 1 (run a): recall.people = 'x' is not a"),
    ],
)
def test_facts_and_recall_that_are_wrong(columns, line):
    with pytest.raises(TableError, match=re.escape(line)):
        with_facts(**columns)
