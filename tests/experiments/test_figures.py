"""Figures, drawn from made-up studies."""

from importlib import import_module
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from phasemix.experiments.experiment import KINDS_FOLDER, figures, kinds
from phasemix.experiments.horizon import tables as horizons
from phasemix.experiments.transition import tables as transition
from phasemix.experiments.transition.figures.learning_curves import means_over_seeds
from phasemix.report.figure_style import horizon_axis, panels, save, set_theme
from phasemix.report.section import section
from tests.experiments.made_up import HORIZON_OPTIONS, OPTIONS, RATIOS, study, write_horizons, write_transition

TRANSITIONS = {
    "a transition": {},
    "three seeds": {"seeds": 3},
    "a diverged size": {"diverged": {("20k", ratio, 0) for ratio in RATIOS}},
    "a ratio of 0": {"ratios": [0.0, *RATIOS]},
    "nothing learned": {"accuracy": lambda size, ratio: 0.0},
    "everything learned": {"accuracy": lambda size, ratio: 1.0},
    "one size": {"sizes": ["20k"], "diverged": {("20k", 0.2, 0)}},
}
HORIZONS = {
    "three sizes": {"seeds": 2},
    "one size": {"sizes": ["20k"], "tokens": [1000 * 2**i for i in range(20)]},
    "a lost cell": {"lost": {("10k", 0.8, 2000)}},
}


@pytest.fixture(scope="module", params=TRANSITIONS)
def transition_tables(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    write_transition(folder, *study(people=30, **TRANSITIONS[request.param]))
    return transition.Tables.read(folder, OPTIONS)


def draw(kind, name, tables):
    set_theme()
    return import_module(f"phasemix.experiments.{kind}.figures.{name}").draw(tables)


def checked(figure, path):
    """A figure that can be saved, and whose panels say what they show."""
    for axes in figure.axes:
        if axes.get_visible() and axes.lines:
            assert axes.get_xlabel() or figure.get_supxlabel()
            assert axes.get_ylabel() or figure.get_supylabel()
    save(figure, path)
    assert path.read_bytes().startswith(b"<?xml")
    plt.close(figure)


@pytest.mark.parametrize("name", figures("transition"))
def test_every_figure_draws_every_transition_study(name, transition_tables, tmp_path):
    checked(draw("transition", name, transition_tables), tmp_path / "figure.svg")


@pytest.mark.parametrize("name", figures("horizon"))
@pytest.mark.parametrize("options", HORIZONS.values(), ids=HORIZONS)
def test_every_figure_draws_every_study_of_horizons(name, options, tmp_path):
    write_horizons(tmp_path, **options)
    checked(draw("horizon", name, horizons.Tables.read(tmp_path, HORIZON_OPTIONS)), tmp_path / "figure.svg")


@pytest.mark.parametrize("options", HORIZONS.values(), ids=HORIZONS)
def test_accuracy_over_tokens_has_a_panel_per_size_and_a_point_per_cell(options, tmp_path):
    write_horizons(tmp_path, **options)
    figure = draw("horizon", "accuracy_over_tokens", horizons.Tables.read(tmp_path, HORIZON_OPTIONS))
    sizes = options.get("sizes", ["10k", "20k", "40k"])
    assert [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()] == sizes
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert set(lines) == {".05", ".1", ".2", ".4", ".8", "_floor"}
    points = len(options.get("tokens", [1000, 2000, 4000])) - ("lost" in options)
    assert len(lines[".8"].get_xdata()) == points
    plt.close(figure)


def test_a_figure_is_the_same_bytes_every_time(tmp_path):
    write_transition(tmp_path, *study(people=30))
    tables = transition.Tables.read(tmp_path, OPTIONS)
    for name in ("one.svg", "two.svg", "one.png", "two.png"):
        save(draw("transition", "a_fig_2", tables), tmp_path / name)
    plt.close("all")
    for kind in ("svg", "png"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_the_papers_points_stand_beside_ours(tmp_path):
    write_transition(tmp_path, *study(people=30))
    figure = draw("transition", "a_fig_2", transition.Tables.read(tmp_path, OPTIONS))
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    published = next(container for container in figure.axes[0].containers)
    assert published.get_label().startswith("paper A")
    x, y = published.lines[0].get_data()
    assert dict(zip(x, y, strict=True))[0.45] == pytest.approx(0.581)
    assert {"10k", "20k", "40k"} <= set(lines)
    plt.close(figure)


@pytest.mark.parametrize("tokens", [[1000], [1000, 1200], [round(1000 * 1.2**i) for i in range(20)]])
def test_horizons_are_named_far_enough_apart_and_the_longest_always(tokens):
    figure, [axes] = panels(1)
    horizon_axis(axes, tokens, ticks=6)
    named = sorted(axes.get_xticks())
    assert named[-1] == tokens[-1]
    assert len(named) <= 7
    assert all(later / earlier >= (tokens[-1] / tokens[0]) ** 0.16 for earlier, later in pairwise(named))
    plt.close(figure)


@pytest.mark.parametrize("kind", [kind for kind in kinds() if figures(kind)])
def test_every_figure_has_a_title_and_a_caption_of_whole_sentences(kind):
    for name, title in figures(kind).items():
        assert title
        assert not title.endswith(".")
        caption = (KINDS_FOLDER / kind / "figures" / f"{name}.rst").read_text()
        assert len(caption) > 80
        assert caption.endswith(".\n")


def test_learning_curves_are_means_over_seeds_at_the_points_between_all():
    """Seed 1 is evaluated elsewhere: half way between .2 and .4 it stands at .3."""
    rows = [(0, 100, 0.1), (0, 200, 0.5), (0, 300, 0.7), (1, 150, 0.2), (1, 250, 0.4), (1, 300, 0.6)]
    curves = pd.DataFrame(rows, columns=["seed", "tokens", "accuracy"]).assign(size="a", ratio=0.5)
    found = means_over_seeds(curves)
    assert found["tokens"].tolist() == [150, 200, 250, 300]
    assert found["accuracy"].tolist() == pytest.approx([(0.3 + 0.2) / 2, (0.5 + 0.3) / 2, (0.6 + 0.4) / 2, 0.65])


def test_a_section_shows_the_figures_that_were_drawn(tmp_path):
    """A study of one size has none along the sizes."""
    write_transition(tmp_path, *study(people=10, sizes=["20k"]))
    drawn = [tmp_path / f"{name}.svg" for name in ("a_fig_2", "learning_curves")]
    for path in drawn:
        path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    shown = section("transition", "small", tables=tmp_path, figures=drawn, options=OPTIONS)
    assert shown.count("<figure") == 2
    assert "A-Fig 2" in shown
