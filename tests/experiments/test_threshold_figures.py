"""The figures of a study of the threshold frequency, drawn from made-up studies."""

from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pytest

from phasemix.experiments.experiment import figures
from phasemix.experiments.threshold.tables import Tables
from phasemix.report.figure_style import save, set_theme
from phasemix.report.section import section
from tests.experiments.made_up import RATIO, THRESHOLD_OPTIONS, WIDTHS, write_threshold

STUDIES = {
    "five sizes": {},
    "thresholds off the groups": {"at": 0.0006, "noise": 0.15},
    "nothing learned": {"at": 1.0},
    "everything learned": {"at": 1e-6},
    "one run": {"sizes": ("58k",), "seeds": 1},
    "no run on the base alone": {"ratios": (RATIO,)},
}


@pytest.fixture(scope="module", params=STUDIES)
def study(request, tmp_path_factory):
    folder = write_threshold(tmp_path_factory.mktemp("study"), people=40, **STUDIES[request.param])
    return Tables.read(folder, THRESHOLD_OPTIONS)


def draw(name, tables):
    set_theme()
    return import_module(f"phasemix.experiments.threshold.figures.{name}").draw(tables)


@pytest.mark.parametrize("name", figures("threshold"))
def test_every_figure_draws_every_study(name, study, tmp_path):
    figure = draw(name, study)
    assert figure.get_supxlabel() or figure.axes[-1].get_xlabel()
    assert figure.axes[0].get_ylabel()
    save(figure, tmp_path / "figure.svg")
    assert (tmp_path / "figure.svg").read_bytes().startswith(b"<?xml")
    plt.close(figure)


def test_the_section_shows_figures_and_tables(tmp_path):
    folder = write_threshold(tmp_path, at=0.0006, noise=0.15)
    tables = Tables.read(folder, THRESHOLD_OPTIONS)
    for name in figures("threshold"):
        save(draw(name, tables), tmp_path / f"{name}.svg")
    plt.close("all")
    html = section(
        "threshold", "rare", tables=folder, figures=sorted(tmp_path.glob("*.svg")), options=THRESHOLD_OPTIONS
    )
    assert html.count("<figure") == 3
    assert "below 80 % is its" in html
    assert "&lt; 1.03 (20)" in html
    assert "first group not learned: 236k; crossing: 236k" in html
    assert "−1.152" in html


def test_the_lines_cross_at_the_centre_and_have_their_slopes(tmp_path):
    tables = Tables.read(write_threshold(tmp_path), THRESHOLD_OPTIONS)
    figure = draw("a_fig_7a", tables)
    for axes, measure in zip(figure.axes, ("threshold", "crossing")):
        lines = {line.get_label(): np.log(line.get_data()) for line in axes.lines}
        predicted = next(line for label, line in lines.items() if label.startswith("web loss’s slope"))
        for (x, y), slope in ((lines["fit"], tables.fits["all"][measure]), (predicted, tables.fits["all"]["web"])):
            assert np.diff(y) / np.diff(x) == pytest.approx(slope["slope"]["value"])
        assert np.mean(predicted[1] - lines["fit"][1]) == pytest.approx(0, abs=0.03)
        assert len(lines["a run"][0]) == 3 * len(WIDTHS)
    plt.close(figure)


def test_the_law_goes_through_the_losses(tmp_path):
    tables = Tables.read(write_threshold(tmp_path), THRESHOLD_OPTIONS)
    figure = draw("a_fig_7b", tables)
    above, below = figure.axes
    law = above.lines[1]
    at_sizes = np.interp(tables.web["parameters"], *law.get_data())
    assert at_sizes == pytest.approx(tables.web["loss"].to_numpy(), rel=0.002)
    assert np.abs(below.lines[0].get_ydata()).max() < 0.2  # per cent
    plt.close(figure)


def test_every_size_has_a_line_over_its_groups(tmp_path):
    figure = draw("group_accuracy", Tables.read(write_threshold(tmp_path), THRESHOLD_OPTIONS))
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert set(lines) == {"_level", *WIDTHS}
    assert all(len(lines[size].get_xdata()) == 20 for size in WIDTHS)
    plt.close(figure)
