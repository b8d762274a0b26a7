"""What mixers predicted of their own mixtures, and what was trained."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from phasemix.experiments.mixers.figures._looks import tall
from phasemix.experiments.mixers.tables import Tables
from phasemix.report.figure_style import INK, markers, shades


def draw(tables: Tables) -> Figure:
    """Predicted over trained losses of the chosen mixture, a point per mixer and domain; and gains in the same way."""
    parts = list(tables.predicted.groupby("contestant", sort=False))
    figure, panels = tall(2, 16, alike=True)
    for axes, columns, title in zip(panels, (LOSSES, GAINS), ("loss", "gain"), strict=True):
        _points(axes, parts, columns)
        axes.set_xlabel(f"trained {title} (nats)")
        axes.set_ylabel(f"predicted {title} (nats)")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3, handlelength=1.0)
    return figure


LOSSES, GAINS = ("trained", "predicted"), ("trained_gain", "predicted_gain")


def _points(axes: Axes, parts: Sequence[tuple[object, pd.DataFrame]], columns: tuple[str, str]) -> None:
    """A point per mixer and domain, and the line on which both are equal."""
    for (name, part), colour, mark in zip(parts, shades("viridis", len(parts)), markers(len(parts)), strict=True):
        axes.plot(part[columns[0]], part[columns[1]], mark, color=colour, label=str(name), markersize=4.5)
    ends = axes.get_xlim()
    axes.plot(ends, ends, color=INK, linewidth=0.8)
