"""A share against the number of people: a panel per size, a line per mixing ratio, a dot per run."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.analysis.critical_points import Share
from phasemix.experiments.people.tables import Tables
from phasemix.report.figure_style import MUTED, horizon_axis
from phasemix.report.ratio_panels import ratio_panels


def share_lines(tables: Tables, share: Share, label: str, floor: bool) -> Figure:
    """The figure; with ``floor``, the dotted line of guessing."""
    runs = tables.people[~tables.people["diverged"]]

    def drawing(axes: Axes, cells: pd.DataFrame, style: dict[str, Any]) -> Line2D:
        dots = runs.merge(cells[["size", "ratio"]].drop_duplicates())
        axes.scatter(dots["people"], dots[share], s=7, color=style["color"], alpha=0.55, linewidth=0, zorder=3)
        cells = cells.sort_values("people")
        [drawn] = axes.plot(cells["people"], cells[share], **style)
        return drawn

    figure, grid = ratio_panels(tables.shares, tables.sizes, tables.ratios, drawing, x="number of people N", y=label)
    for axes in grid:
        if floor:
            floors = tables.floors.dropna()
            axes.plot(floors.index, floors, color=MUTED, linewidth=1.1, linestyle=(0, (1, 1.6)), zorder=1)
        horizon_axis(axes, tables.counts, ticks=6 if len(grid) == 1 else 4)
    return figure
