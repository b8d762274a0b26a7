"""``phasemix laws``: what the commands write, and what they say of mistakes."""

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from phasemix.fitting.comparison import COLUMNS
from phasemix.fitting.law_file import read_law
from phasemix.fitting.runs_table import read_runs
from tests.laws.truth import truth


@pytest.fixture(scope="module")
def runs():
    return truth("transfer", mixtures=20).noisy(0.005, np.random.default_rng(0))


@pytest.fixture(scope="module")
def table(runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "runs.csv"
    pd.DataFrame(runs.columns()).to_csv(path, index=False)
    return path


def test_fit_predict_compare_on_the_command_line(runs, table, tmp_path, capsys):
    run(["laws", "fit", str(table), "--law", "transfer", "--out", str(tmp_path / "law.json")])
    law, out = str(tmp_path / "law.json"), str(tmp_path / "p.csv")
    run(["laws", "predict", law, str(table), "--intervals", ".9", "--out", out])
    predicted = pd.read_csv(tmp_path / "p.csv")
    given = pd.read_csv(table)
    pd.testing.assert_frame_equal(predicted[given.columns], given)
    written = [line.split(",")[: len(given.columns)] for line in (tmp_path / "p.csv").read_text().splitlines()]
    assert written == [line.split(",") for line in table.read_text().splitlines()]
    np.testing.assert_allclose(predicted["pred.a"], read_law(tmp_path / "law.json").predict(read_runs(table))[:, 0])
    assert (predicted["low.a"] < predicted["pred.a"]).all()
    assert (predicted["pred.a"] < predicted["high.a"]).all()
    arguments = ["laws", "compare", str(table), "--laws", "transfer", "bimix", "--holdout", "steps", "--fraction", ".2"]
    for name in ("t1.csv", "t2.csv"):
        run([*arguments, "--out", str(tmp_path / name)])
    one, two = (pd.read_csv(tmp_path / name) for name in ("t1.csv", "t2.csv"))
    assert one.columns.tolist() == COLUMNS
    pd.testing.assert_frame_equal(one.drop(columns="seconds"), two.drop(columns="seconds"))
    assert "error %" in capsys.readouterr().out


def test_predictions_need_no_losses_and_any_column_order(runs, table, tmp_path):
    law, mixtures, few, out = (str(tmp_path / name) for name in ("law.json", "mixtures.csv", "few.csv", "p.csv"))
    run(["laws", "fit", str(table), "--law", "bimix", "--out", law])
    given = pd.read_csv(table)
    given[["mix.c", "run", "size", "step", "mix.a", "mix.b"]].to_csv(mixtures, index=False, sep=";")
    run(["laws", "predict", law, mixtures, "--out", out])
    np.testing.assert_allclose(pd.read_csv(out)["pred.b"], read_law(law).predict(runs)[:, 1])
    given[["run", "size", "step", "mix.a", "mix.b"]].assign(**{"mix.a": 0.5, "mix.b": 0.5}).to_csv(few, index=False)
    with pytest.raises(PhasemixError, match=r"lacks mix\.c"):
        run(["laws", "predict", law, few, "--out", str(tmp_path / "q.csv")])
    assert not (tmp_path / "q.csv").exists()


def test_predictions_outside_the_runs_are_flagged_and_left_empty_on_request(runs, table, tmp_path, capsys):
    law, asked, out = (str(tmp_path / name) for name in ("law.json", "asked.csv", "p.csv"))
    run(["laws", "fit", str(table), "--law", "bimix", "--out", law])
    inside = runs.rows(np.arange(len(runs)) < 2).columns()
    pd.DataFrame(inside).assign(step=[runs.step[0], 100 * runs.step.max()]).to_csv(asked, index=False)
    run(["laws", "predict", law, asked, "--out", out])
    assert "1 of 2 rows lie outside" in capsys.readouterr().err
    predicted = pd.read_csv(out, keep_default_na=False, na_values={"pred.a": ""})
    assert predicted["outside"].tolist() == ["", "step"]
    assert predicted["pred.a"].notna().all()
    run(["laws", "predict", law, asked, "--intervals", ".9", "--refuse-outside", "--out", out])
    assert "1 of 2 rows lie outside what the law was fitted on, and have no prediction" in capsys.readouterr().err
    refused = pd.read_csv(out)
    for column in ("pred.a", "low.a", "high.c"):
        assert refused[column].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["laws", "fit", "TABLE", "--law", "bimx", "--out", "x.json"], "Did you mean bimix?"),
        (["laws", "compare", "TABLE", "--holdout", "steps", "--folds", "3", "--out", "x.csv"], "--folds goes with"),
        (["laws", "compare", "none.csv", "--out", "x.csv"], "none.csv: no such file"),
        (["laws", "fit", "TABLE", "--law", "bimix", "--out", "."], "--out .: cannot be written: is a folder"),
        (["laws", "fit", "TABLE", "--law", "bimix", "--out", "TABLE"], "is read from and would be overwritten"),
        (["laws", "compare", "TABLE", "--out", "TABLE"], "is read from and would be overwritten"),
        (["laws", "predict", "TABLE", "TABLE", "--out", "x.csv"], "is not JSON"),
        (["mix", "optimise", "."], ".: cannot be read: Is a directory"),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(arguments, line, table):
    with pytest.raises(PhasemixError) as error:
        run([str(table) if word == "TABLE" else word for word in arguments])
    assert line in str(error.value)
    assert "\n" not in str(error.value)
