"""Accuracy over training tokens."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.experiments.horizon.tables import Tables
from phasemix.report.figure_style import floor_line, horizon_axis
from phasemix.report.ratio_panels import ratio_panels


def draw(tables: Tables) -> Figure:
    """Accuracy at the end of runs to every horizon: a panel per size and a line per mixing ratio."""
    means = tables.accuracies.dropna(subset="accuracy")

    def drawing(axes: Axes, line: pd.DataFrame, style: dict[str, Any]) -> Line2D:
        axes.vlines(line["tokens"], line["lowest"], line["highest"], color=style["color"], linewidth=1.2)
        [drawn] = axes.plot(line["tokens"], line["accuracy"], **style)
        return drawn

    figure, grid = ratio_panels(means, tables.sizes, tables.ratios, drawing, x="tokens trained on", y="recall accuracy")
    for axes in grid:
        floor_line(axes, tables.floor)
        horizon_axis(axes, tables.tokens, ticks=6 if len(grid) == 1 else 4)
    return figure
