"""``phasemix laws plot`` and ``phasemix mix plot``: which pictures there are, and what they show."""

import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from phasemix.fitting.objective_options import choose
from phasemix.fitting.optimum import find_optimum
from phasemix.plots import optimum, predictions, proportions, steps
from tests.laws.truth import DOMAINS, exact_fit, noisy_fit, truth


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    folder = tmp_path_factory.mktemp("law")
    runs = truth("bimix", mixtures=10).noisy(0.01, np.random.default_rng(0))
    pd.DataFrame(runs.columns()).to_csv(folder / "runs.csv", index=False)
    run(["laws", "fit", str(folder / "runs.csv"), "--law", "bimix", "--out", str(folder / "law.json")])
    return folder


def test_pictures_of_a_law_are_svg_and_png(law, tmp_path, capsys):
    run(["laws", "plot", str(law / "law.json"), "--out", str(tmp_path / "pictures"), "--json"])
    told = json.loads(capsys.readouterr().out)
    names = {f"{name}.{ending}" for name in ("predictions", "proportions", "steps") for ending in ("svg", "png")}
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == names
    assert len(told["pictures"]) == 6
    assert all(path.stat().st_size > 5000 for path in (tmp_path / "pictures").iterdir())


def test_pictures_on_other_runs(law, tmp_path):
    other = pd.read_csv(law / "runs.csv")
    other["loss.a"] *= 1.5
    other.to_csv(tmp_path / "other.csv", index=False)
    run(["laws", "plot", str(law / "law.json"), str(tmp_path / "other.csv"), "--out", str(tmp_path / "pictures")])
    svg = (tmp_path / "pictures/predictions.svg").read_text()
    assert "runs that were not fitted" in svg
    other.drop(columns="loss.b").to_csv(tmp_path / "few.csv", index=False)
    with pytest.raises(PhasemixError, match=r"few\.csv: lacks the column loss\.b"):
        run(["laws", "plot", str(law / "law.json"), str(tmp_path / "few.csv"), "--out", str(tmp_path / "none")])
    assert not (tmp_path / "none").exists()


def test_residuals_are_those_of_the_law():
    fit = exact_fit("bimix")
    shifted = replace(fit.runs, loss=fit.runs.loss / np.array([1.0, 1.1, 0.9]))
    residuals = predictions.draw(fit, shifted, fitted=False).axes[1]
    middles = [line.get_xdata()[0] for line in residuals.lines if line.get_marker() == "|"]
    np.testing.assert_allclose(middles, [0, 10, -10], atol=0.01)


def test_a_curve_passes_through_runs_without_noise():
    """Points are moved to the curve's mixture by the law, so those of exact runs lie on it."""
    fit = exact_fit("additive")
    for axes in proportions.draw(fit).axes:
        curve, points = axes.lines
        at = points.get_xdata() > 0.1  # below, the curve is steeper than its points are close
        expected = np.interp(points.get_xdata()[at], *curve.get_data())
        np.testing.assert_allclose(points.get_ydata()[at], expected, rtol=5e-3)


def test_what_has_no_picture():
    assert steps.draw(exact_fit("bimix-power")) is None
    assert proportions.draw(noisy_fit("step-law")) is None
    assert len(steps.draw(noisy_fit("transfer")).axes) >= len(DOMAINS)


def test_the_best_mixture(tmp_path):
    objective = choose(exact_fit("bimix-power"), prior="uniform")[0]
    record = find_optimum(objective, bootstrap=0).record(objective)
    assert "loss beside the prior: −" in optimum.gain_text(record)
    (tmp_path / "optimum.json").write_text(json.dumps(record))
    run(["mix", "plot", str(tmp_path / "optimum.json"), "--out", str(tmp_path)])
    svg = (tmp_path / "optimum.svg").read_text()
    assert "interval" not in svg
    assert all(path.stat().st_size > 5000 for path in tmp_path.glob("optimum.[sp]*"))
    for text, line in (("{}", "is not what"), ("[", "is not what")):
        (tmp_path / "wrong.json").write_text(text)
        with pytest.raises(PhasemixError, match=line):
            run(["mix", "plot", str(tmp_path / "wrong.json"), "--out", str(tmp_path)])
    with pytest.raises(PhasemixError, match="no such file"):
        run(["mix", "plot", str(tmp_path / "none.json"), "--out", str(tmp_path)])
