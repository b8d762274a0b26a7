"""Learning curves."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from phasemix.base.spelling import parameters_text
from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import floor_line
from phasemix.report.ratio_panels import ratio_panels


def draw(tables: Tables) -> Figure:
    """Accuracy on the way, mean over seeds: a panel per size and a line per mixing ratio."""
    curves = tables.curves.groupby(["size", "ratio", "tokens"])["accuracy"].mean().reset_index()

    def drawing(axes: Axes, line: pd.DataFrame, style: dict[str, Any]) -> Line2D:
        [drawn] = axes.plot(line["tokens"], line["accuracy"], color=style["color"])
        return drawn

    figure, grid = ratio_panels(curves, tables.sizes, tables.ratios, drawing, x="training tokens", y="recall accuracy")
    for axes in grid:
        floor_line(axes, tables.floor)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: parameters_text(tokens) if tokens else "0"))
        axes.xaxis.set_major_locator(MaxNLocator(3))
    return figure
