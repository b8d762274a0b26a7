"""Runs that end where the loss on a source has risen too far."""

import pandas as pd
import pytest

from phasemix.base.files import read_json
from phasemix.evaluation.evaluate_cell import evaluate_run
from phasemix.study.cell import Start
from phasemix.study.evaluation import Examination
from tests.conftest import small_cell
from tests.study.test_config import message, put
from tests.training.runs import interrupt, metrics, run, weights

RISE = 0.05


@pytest.fixture(scope="module")
def web_only(data, tmp_path_factory):
    """A run on web text alone, to go on from."""
    return run(small_cell(ratio=0.0), data, tmp_path_factory.mktemp("web"))


def continued(web_only, rise=RISE, **recipe):
    """Goes on with biographies alone, at a constant learning rate, and stops when the web loss has risen."""
    stopping = {"early_stopping": {"source": "web", "rise": rise}} if rise else {}
    recipe = {"schedule": "constant", "evaluation_points": 20} | stopping | recipe
    return small_cell(ratio=0.9, start=Start(run=str(web_only)), recipe=recipe)


def test_a_run_stops_at_the_first_evaluation_point_beyond_the_rise(web_only, data, tmp_path):
    whole, stopped = (
        run(continued(web_only, rise=rise), data, tmp_path / str(rise)) for rise in (None, RISE)
    )  # of the first we see where the loss rises
    assert read_json(whole / "manifest.json")["stopped_at"] is None
    before = pd.read_csv(web_only / "metrics.csv")["loss.web"].dropna().iloc[-1]
    points = metrics(whole).dropna(subset="loss.web")
    first = int(points.loc[points["loss.web"] >= before + RISE, "step"].iloc[0])
    assert 3 <= first < 60, "the world makes it rise on the way"
    manifest = read_json(stopped / "manifest.json")
    assert manifest["stopped_at"] == first
    assert manifest["tokens"] == manifest["trained_tokens"] == first * 4 * 32
    assert manifest["diverged_at"] is None
    rows = metrics(stopped)
    pd.testing.assert_frame_equal(rows, metrics(whole).iloc[: len(rows)], check_exact=True)
    assert rows["step"].iloc[-1] == first
    evaluate_run(Examination(loss_tokens=200), data, run=stopped, evaluation=tmp_path / "evaluation")
    assert not read_json(tmp_path / "evaluation/summary.json")["diverged"]


def test_a_run_that_is_interrupted_stops_at_the_same_step(web_only, data, tmp_path, monkeypatch):
    """What the loss was at first is part of the checkpoint."""
    stopped = run(continued(web_only), data, tmp_path / "whole")
    last = read_json(stopped / "manifest.json")["stopped_at"]
    cell, folder = continued(web_only), tmp_path / "again"
    interrupt(monkeypatch, last - 1, lambda: run(cell, data, folder, checkpoint_seconds=0))
    again = run(cell, data, folder)
    manifest = read_json(again / "manifest.json")
    assert manifest["resumed_from"]
    assert manifest["stopped_at"] == last
    assert weights(again) == weights(stopped)


def test_a_run_whose_loss_does_not_rise_so_far_goes_on_to_its_end(web_only, data, tmp_path):
    manifest = read_json(run(continued(web_only, rise=50.0), data, tmp_path) / "manifest.json")
    assert manifest["stopped_at"] is None
    assert manifest["tokens"] == 60 * 4 * 32


def test_another_early_stopping_is_another_cell(web_only, data, tmp_path, monkeypatch, capsys):
    interrupt(monkeypatch, 2, lambda: run(continued(web_only), data, tmp_path, checkpoint_seconds=0))
    again = run(continued(web_only, rise=0.5), data, tmp_path)
    assert "of another configuration, not used (recipe.early_stopping.rise 0.05, here 0.5)" in capsys.readouterr().err
    assert read_json(again / "manifest.json")["resumed_from"] == []


@pytest.mark.parametrize(
    ("stopping", "words"),
    [
        ({"source": "code", "rise": 0.05}, "stops early by the loss on code, which it does not read"),
        ({"source": "web", "rise": 0.05}, "has a horizon, and runs that share a trunk do not stop early"),
        ({"source": "web", "rise": 0}, "rise"),
    ],
)
def test_mistakes_are_named(stopping, words):
    assert words in message(put("experiments.transition.recipe.early_stopping", stopping))
