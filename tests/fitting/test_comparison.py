"""What is held out, how predictions are scored, and the command line that shows it."""

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from phasemix.fitting.comparison import COLUMNS, compare, folds, hold_out, scores
from phasemix.fitting.law import LawError
from phasemix.fitting.law_file import read_law
from phasemix.fitting.runs import columns, read_runs
from phasemix.laws import load_law
from tests.laws.truth import truth


@pytest.fixture(scope="module")
def runs():
    return truth("transfer", mixtures=20).noisy(0.005, np.random.default_rng(0))


@pytest.fixture(scope="module")
def table(runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "runs.csv"
    pd.DataFrame(columns(runs)).to_csv(path, index=False)
    return path


def test_scores_by_hand():
    found = scores(np.array([1.1, 1.9, 4.4]), np.array([1.0, 2.0, 4.0]))
    assert found["mean_relative_error"] == pytest.approx((0.1 + 0.05 + 0.1) / 3)
    left = np.log(1.1) ** 2 * 2 + np.log(0.95) ** 2
    assert found["r2_log"] == pytest.approx(1 - left / (2 * np.log(2) ** 2))
    assert found["spearman"] == pytest.approx(1.0)
    assert np.isnan(scores(np.array([1.0, 1.0]), np.array([1.0, 2.0]))["spearman"])


def test_mixtures_are_held_out_whole(runs):
    train, test = hold_out(runs, "mixtures", 0.25, seed=0)
    assert len(train) + len(test) == len(runs)
    assert len(np.unique(test.mixtures)) == 5
    assert not {tuple(m) for m in test.mixture} & {tuple(m) for m in train.mixture}
    other = hold_out(runs, "mixtures", 0.25, seed=1)[1]
    assert {tuple(m) for m in other.mixture} != {tuple(m) for m in test.mixture}


def test_last_steps_and_largest_size_are_held_out(runs):
    train, test = hold_out(runs, "steps", 0.3, seed=0)
    steps = np.unique(runs.step)
    assert set(test.step) == set(steps[-2:])
    assert set(train.step) == set(steps[:-2])
    assert hold_out(runs, "size", 0.3, seed=0)[1].size.tolist() == [1e8] * (len(runs) // 3)


def test_folds_hold_every_mixture_out_once(runs):
    tested = [tuple(m) for _, test in folds(runs, 4, seed=0) for m in np.unique(test.mixture, axis=0)]
    assert len(tested) == len(set(tested)) == 20
    with pytest.raises(LawError, match="from 2 to 20"):
        list(folds(runs, 21, seed=0))


def test_nothing_to_hold_out_is_one_line(runs):
    with pytest.raises(LawError, match="one"):
        hold_out(runs.rows(runs.mixtures == 0), "mixtures", 0.2, seed=0)
    with pytest.raises(LawError, match="more than one value"):
        hold_out(runs.rows(runs.size == 1e8), "size", 0.2, seed=0)


def test_the_true_law_wins_and_others_are_left_out_by_name(runs):
    names = ["transfer", "bimix", "regmix-linear", "step-law"]
    found = compare([hold_out(runs, "mixtures", 0.25, seed=0)], [load_law(name) for name in names])
    assert found.table.columns.tolist() == COLUMNS
    assert found.summary["law"][0] == "transfer"
    assert found.summary["mean_relative_error"][0] < 0.005
    assert any(note.startswith("left out: step-law says nothing of runs") for note in found.notes)
    assert (found.table["n_train"] + found.table["n_test"] == len(runs)).all()
    assert found.table.query("law == 'transfer'")["n_parameters"].tolist() == [12] * 3


def test_fit_predict_compare_on_the_command_line(runs, table, tmp_path, capsys):
    run(["laws", "fit", str(table), "--law", "transfer", "--out", str(tmp_path / "law.json")])
    run(
        [
            "laws",
            "predict",
            str(tmp_path / "law.json"),
            str(table),
            "--intervals",
            ".9",
            "--out",
            str(tmp_path / "p.csv"),
        ]
    )
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
    run(["laws", "fit", str(table), "--law", "bimix", "--out", str(tmp_path / "law.json")])
    given = pd.read_csv(table)
    given[["mix.c", "run", "step", "mix.a", "mix.b"]].to_csv(tmp_path / "mixtures.csv", index=False)
    run(
        [
            "laws",
            "predict",
            str(tmp_path / "law.json"),
            str(tmp_path / "mixtures.csv"),
            "--out",
            str(tmp_path / "p.csv"),
        ]
    )
    np.testing.assert_allclose(
        pd.read_csv(tmp_path / "p.csv")["pred.b"], read_law(tmp_path / "law.json").predict(runs)[:, 1]
    )
    given[["run", "mix.a", "mix.b"]].assign(**{"mix.a": 0.5, "mix.b": 0.5}).to_csv(tmp_path / "few.csv", index=False)
    with pytest.raises(PhasemixError, match=r"lacks mix\.c"):
        run(
            ["laws", "predict", str(tmp_path / "law.json"), str(tmp_path / "few.csv"), "--out", str(tmp_path / "q.csv")]
        )
    assert not (tmp_path / "q.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["laws", "fit", "TABLE", "--law", "bimx", "--out", "x.json"], "Did you mean bimix?"),
        (["laws", "compare", "TABLE", "--holdout", "steps", "--folds", "3", "--out", "x.csv"], "--folds goes with"),
        (["laws", "compare", "none.csv", "--out", "x.csv"], "none.csv: no such file"),
        (["laws", "fit", "TABLE", "--law", "bimix", "--out", "."], "--out .: cannot be written: is a directory"),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(arguments, line, table):
    with pytest.raises(PhasemixError) as error:
        run([str(table) if word == "TABLE" else word for word in arguments])
    assert line in str(error.value)
    assert "\n" not in str(error.value)
