"""Accuracies of every task, and losses below them, a column each: lines along one axis, for the values of another."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from phasemix.experiments.reasoning.tables import Tables
from phasemix.plots.grid import panel_grid
from phasemix.report.figure_style import floor_line, legend_above, log_axis, markers, percent_axis, ratio_text, shades

MAPS = {"size": "mako_r", "ratio": "rocket_r"}  # as in all figures


def draw_lines(tables: Tables, by: str) -> Figure:
    """Lines for every size over the ratio (``by`` is ``size``), or for every ratio over the size."""
    figure, grid = panel_grid(2 * len(tables.tasks), columns=len(tables.tasks))
    above, below = grid[: len(tables.tasks)], grid[len(tables.tasks) :]
    along = "ratio" if by == "size" else "parameters"
    lines: list[Any] = tables.sizes if by == "size" else sorted(tables.accuracy["ratio"].unique().tolist())
    handles: dict[str, Any] = {}
    for task, right, loss in zip(tables.tasks, above, below, strict=True):
        own = tables.accuracy[tables.accuracy["task"] == task]
        for line, colour, mark in zip(lines, shades(MAPS[by], len(lines)), markers(len(lines)), strict=True):
            part = own[own[by] == line].sort_values(along)
            look: dict[str, Any] = {"marker": mark, "color": colour, "markersize": 4.5}
            name = str(line) if by == "size" else ratio_text(line)
            [handles[name]] = right.plot(part[along], part["accuracy"], **look)
            right.vlines(part[along], part["low"], part["high"], color=colour, linewidth=1.1)
            loss.plot(part[along], part["answer_loss"], **look)
        for axes in (right, loss):
            _axis(axes, own, along)
        right.set_title(task)
        percent_axis(right)
        floor_line(right, float(tables.floors[task]))
        loss.set_ylim(bottom=0)
    for axes in (*above[1:], *below):
        axes.set_ylabel("")
    above[0].set_ylabel("final answers right")
    below[0].set_ylabel("loss on right answers")
    figure.supxlabel("mixing ratio r" if along == "ratio" else "model size (parameters)", fontsize=10)
    legend_above(figure, "model size" if by == "size" else "mixing ratio r", list(handles.values()), list(handles))
    return figure


def _axis(axes: Any, own: pd.DataFrame, along: str) -> None:
    values = sorted(own[along].unique().tolist())
    names = own.drop_duplicates("parameters").set_index("parameters")["size"]
    log_axis(axes, values, [ratio_text(one) if along == "ratio" else str(names[one]) for one in values])
    axes.tick_params(axis="x", labelsize=7.5)  # sizes lie close together
