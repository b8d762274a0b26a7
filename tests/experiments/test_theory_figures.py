"""Figures of the theory and of the number of people, drawn from made-up studies, and their sections."""

from importlib import import_module

import matplotlib.pyplot as plt
import pytest

from phasemix.experiments.experiment import figures
from phasemix.experiments.people import tables as people_tables
from phasemix.report.figure_style import save, set_theme
from phasemix.report.section import section
from tests.experiments.made_up import knapsack_study, write_people
from tests.experiments.theories import TRUTH, truth, write_theory

THEORIES = {
    "sizes and people": {"people": (75, 600), "predict": [{"sizes": ["23k"], "people": [600]}]},
    "a transition alone": {"people": ()},
    "one other size": {"people": (), "sizes": {"39k": 39_000, "58k": 58_000}},
    "nothing else on its grid": {"people": (), "known": lambda p, n, r: truth(p, n, r) if p == 39_000 else 0.0},
}
PEOPLE = {
    "three": {"counts": (75, 150, 300)},
    "one": {"counts": (150,)},
    "nothing learned": {"counts": (75, 150), "known": lambda *_: 0.0},
    "a lost cell": {"counts": (75, 150), "diverged": {("10k", 0.4, 0)}},
    "two ratios": {"counts": (75, 150), "ratios": [0.2, 0.4]},
}


def checked(kind, tables, folder, experiment, options):
    """Every figure of a kind can be drawn and saved, and says what it shows; so can the section."""
    set_theme()
    for name in figures(kind):
        figure = import_module(f"phasemix.experiments.{kind}.figures.{name}").draw(tables)
        for axes in (axes for axes in figure.axes if axes.get_visible() and axes.lines):
            assert axes.get_xlabel() or figure.get_supxlabel()
            assert axes.get_ylabel() or figure.get_supylabel()
        save(figure, folder / "figures" / f"{name}.svg")
        plt.close(figure)
    return section(
        kind,
        experiment,
        tables=folder / experiment,
        figures=sorted((folder / "figures").glob("*.svg")),
        options=options,
    )


@pytest.mark.parametrize("options", THEORIES.values(), ids=THEORIES)
def test_every_figure_of_the_theory(options, tmp_path):
    tables, options = write_theory(tmp_path, **options)
    page = checked("theory", tables, tmp_path, "theory", options)
    assert "What was known when" in page
    assert "the one constant" in page


@pytest.mark.parametrize("options", PEOPLE.values(), ids=PEOPLE)
def test_every_figure_of_the_number_of_people(options, tmp_path):
    options = {"known": lambda p, n, r: float(TRUTH.known(p, n, r)), "ratios": [0.1, 0.2, 0.4, 0.8], **options}
    counts, known = options.pop("counts"), options.pop("known")
    sizes = {"39k": 39_000, "106k": 106_000}
    made = {count: knapsack_study(known, sizes, count, rng_seed=count, **options) for count in counts}
    options = write_people(tmp_path / "people", made)
    tables = people_tables.Tables.read(tmp_path / "people", options)
    assert "Critical numbers of people" in checked("people", tables, tmp_path, "people", options)


def test_the_circle_stands_at_the_calibration(tmp_path):
    tables, _ = write_theory(tmp_path, people=())
    figure = import_module("phasemix.experiments.theory.figures.predicted_transition").draw(tables)
    ratio = tables.theory["calibration"]["ratio"][0]
    assert any(list(line.get_xdata()) == [ratio] for line in figure.axes[0].lines)
    plt.close(figure)
