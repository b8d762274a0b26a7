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
    """The figure, of the lines with several numbers of people; with ``floor``, the dotted line of guessing."""
    several = tables.shares.groupby(["size", "ratio"])["people"].transform("nunique") > 1
    shares = tables.shares[several] if several.any() else tables.shares
    sizes = [size for size in tables.sizes if size in set(shares["size"])]
    runs = tables.people[~tables.people["diverged"]]

    def drawing(axes: Axes, cells: pd.DataFrame, style: dict[str, Any]) -> Line2D:
        dots = runs.merge(cells[["size", "ratio"]].drop_duplicates())
        axes.scatter(dots["people"], dots[share], s=7, color=style["color"], alpha=0.55, linewidth=0, zorder=3)
        cells = cells.sort_values("people")
        [drawn] = axes.plot(cells["people"], cells[share], **style)
        return drawn

    ratios = sorted(shares["ratio"].unique())
    figure, grid = ratio_panels(shares, sizes, ratios, drawing, x="number of people N", y=label)
    for axes in grid:
        if floor:
            floors = tables.floors.dropna()
            axes.plot(floors.index, floors, color=MUTED, linewidth=1.1, linestyle=(0, (1, 1.6)), zorder=1)
        horizon_axis(axes, tables.counts, ticks=6 if len(grid) == 1 else 4)
    return figure
