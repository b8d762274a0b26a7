"""Shares by size and mixing ratio: a panel per size, a line per ratio; many figures look so."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.report.figure_style import (
    RATIOS_MAP,
    legend_above,
    markers,
    panels,
    percent_axis,
    ratio_text,
    shades,
)

Drawing = Callable[[Axes, pd.DataFrame, dict[str, Any]], Line2D]


def ratio_panels(
    table: pd.DataFrame, sizes: Sequence[str], ratios: Sequence[float], drawing: Drawing, *, x: str, y: str
) -> tuple[Figure, list[Axes]]:
    """The figure and its panels, whose x axes are left to the caller.

    Args:
        table: with columns ``size`` and ``ratio``; its rows of a size and a ratio are a line, if there are any.
        sizes: a panel each.
        ratios: a line each, smallest first; one that no panel has is not in the legend.
        drawing: draws such rows into their panel with a colour and a marker, and returns the line.
        x: the label below all panels.
        y: the label beside them.
    """
    figure, grid = panels(len(sizes))
    rows = dict(iter(table.groupby(["size", "ratio"])))
    styles = zip(shades(RATIOS_MAP, len(ratios)), markers(len(ratios)), strict=True)
    handles: dict[float, Line2D] = {}
    for ratio, (colour, marker) in zip(ratios, styles, strict=True):
        for axes, size in zip(grid, sizes, strict=True):
            if (size, ratio) in rows:
                handles[ratio] = drawing(axes, rows[size, ratio], {"color": colour, "marker": marker})
                handles[ratio].set_label(ratio_text(ratio))
    for axes, size in zip(grid, sizes, strict=True):
        axes.set_title(size)
        percent_axis(axes)
        axes.set_ylabel("")
    figure.supylabel(y, fontsize=10)
    figure.supxlabel(x, fontsize=10)
    legend_above(figure, "mixing ratio r", list(handles.values()), [str(line.get_label()) for line in handles.values()])
    return figure, grid
