"""A-Fig 7a: the threshold frequency falls with model size."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from phasemix.analysis.horizon_laws import Line
from phasemix.base.number_text import number_text
from phasemix.experiments.threshold.figures._axes import FREQUENCY, ROOM, frequency_axis, size_axis
from phasemix.experiments.threshold.fits import MILLION
from phasemix.experiments.threshold.tables import PER, Tables
from phasemix.report.figure_style import HEIGHT, INK, MUTED, legend_above, panels

MEASURED, PREDICTED = "#25798c", "#d1495b"
PANELS = {"threshold": "paper’s rule", "crossing": "crossing"}
OFF = {"above": ("^", "more than this"), "below": ("v", "less than this")}
BESIDE = 1.05  # factor by which the seeds of a size stand beside each other


def draw(tables: Tables) -> Figure:
    """Thresholds of all runs over size, by the rule and by the crossing, with the fitted and the predicted line."""
    figure, grid = panels(len(PANELS))
    figure.set_figheight(HEIGHT)
    web = tables.fits["all"]["web"]
    for axes, (measure, words) in zip(grid, PANELS.items(), strict=True):
        axes.set_xscale("log")
        axes.set_yscale("log")
        _runs(axes, tables.thresholds, measure)
        law = tables.fits["all"][measure]
        axes.set_title(words if law is None else f"{words}: slope {number_text(law['slope']['value'], '.2f')}")
        if law is not None:
            _law(axes, tables.thresholds, law, web)
        size_axis(axes, tables.thresholds, apart=0.15)
        axes.set_xlabel("")
    groups = PER * tables.groups["frequency"]
    grid[0].set_ylim(groups.min() / ROOM, groups.max() * ROOM)
    frequency_axis(grid[0].yaxis)
    grid[0].set_ylabel(f"threshold frequency\n({FREQUENCY})")
    figure.supxlabel("model size (parameters)", fontsize=10)
    labelled = [axes.get_legend_handles_labels() for axes in grid]
    found = {label: handle for handles, labels in labelled for handle, label in zip(handles, labels, strict=True)}
    legend_above(figure, "", list(found.values()), list(found))
    return figure


def _runs(axes: Axes, runs: pd.DataFrame, measure: str) -> None:
    """A point per run, the seeds of a size side by side; bounds as triangles."""
    place = runs.groupby("size").cumcount()
    place -= place.groupby(runs["size"]).transform("mean")
    x, y, standing = runs["parameters"] * BESIDE**place, PER * runs[measure], runs[f"{measure}_standing"]
    for name, (marker, words) in OFF.items():
        off = standing == name
        if off.any():
            axes.plot(x[off], y[off], marker, color=MUTED, markerfacecolor="white", label=words, zorder=3)
    on = standing == "on"
    if on.any():
        axes.plot(x[on], y[on], "o", color=INK, markersize=4, alpha=0.75, label="a run", zorder=3)


def _law(axes: Axes, runs: pd.DataFrame, law: Mapping[str, Any], web: Mapping[str, Any] | None) -> None:
    """The fitted line over the sizes that it is fitted to, with the band of its interval, and the predicted line."""
    line = Line(**law["line"])
    fitted = runs.loc[runs["size"].isin(law["sizes"]), "parameters"]
    count = np.geomspace(fitted.min(), fitted.max(), 100)
    log_m = np.log(count / MILLION)
    value = line.values(log_m)
    half = (law["slope"]["high"] - line.slope) * np.sqrt(line.spread / line.points + (log_m - line.centre) ** 2)
    low, high = np.exp(value - half), np.exp(value + half)
    axes.plot(count, PER * np.exp(value), color=MEASURED, label="fit")
    axes.fill_between(count, PER * low, PER * high, color=MEASURED, alpha=0.15, linewidth=0)
    if web is not None:
        slope = web["slope"]["value"]
        other = line.values(np.array(line.centre)) + slope * (log_m - line.centre)
        words = f"web loss’s slope {number_text(slope, '.2f')}"
        axes.plot(count, PER * np.exp(other), color=PREDICTED, linestyle=(0, (4, 2)), label=words)
