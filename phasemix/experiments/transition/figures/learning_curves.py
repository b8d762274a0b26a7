"""Learning curves."""

from typing import Any

import numpy as np
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
    curves = means_over_seeds(tables.curves)

    def drawing(axes: Axes, line: pd.DataFrame, style: dict[str, Any]) -> Line2D:
        [drawn] = axes.plot(line["tokens"], line["accuracy"], color=style["color"])
        return drawn

    figure, grid = ratio_panels(curves, tables.sizes, tables.ratios, drawing, x="training tokens", y="recall accuracy")
    for axes in grid:
        floor_line(axes, tables.floor)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: parameters_text(tokens) if tokens else "0"))
        axes.xaxis.set_major_locator(MaxNLocator(3))
    return figure


def means_over_seeds(curves: pd.DataFrame) -> pd.DataFrame:
    """Accuracies by ``size``, ``ratio`` and ``tokens``, at all evaluation points between those that every seed has.

    A cell that shares its trunk with longer ones is evaluated where these are, and other seeds of it elsewhere. So each
    seed is interpolated linearly before the mean is taken.
    """
    rows = []
    for (size, ratio), cells in curves.groupby(["size", "ratio"]):
        seeds = [one.sort_values("tokens") for _, one in cells.groupby("seed")]
        first, last = max(one["tokens"].min() for one in seeds), min(one["tokens"].max() for one in seeds)
        points = np.unique(cells["tokens"])
        points = points[(first <= points) & (points <= last)]
        mean = np.mean([np.interp(points, one["tokens"], one["accuracy"]) for one in seeds], axis=0)
        rows.append(pd.DataFrame({"size": size, "ratio": ratio, "tokens": points, "accuracy": mean}))
    return pd.concat(rows, ignore_index=True)
