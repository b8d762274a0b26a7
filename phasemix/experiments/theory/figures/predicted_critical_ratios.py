"""Predicted against measured critical ratios."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from phasemix.experiments.theory.tables import Tables
from phasemix.report.figure_style import GRID, INK, MUTED, SIZES_MAP, legend_above, markers, ratio_text, shades

BAND = 0.25  # around the diagonal, of the measured ratio
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


def draw(tables: Tables) -> Figure:
    """A point per size and number of people on logarithmic axes, with intervals, around the diagonal."""
    figure, axes = plt.subplots(figsize=(5.4, 4.6))
    points = tables.predictions[tables.predictions["standing"] == "on"]
    points = points[np.isfinite(points["predicted"])]
    seen = np.concatenate([points["measured"], points["predicted"]])
    ends = max(seen.min() / 1.6, 1e-3), min(seen.max() * 1.6, 1.0)
    line = np.array(ends)
    axes.fill_between(line, line * (1 - BAND), line * (1 + BAND), color=GRID, linewidth=0, zorder=0)
    axes.plot(line, line, color=MUTED, linewidth=1.1, zorder=1)
    counts, names = tables.counts, tables.names
    colours = dict(zip(names, shades(SIZES_MAP, len(names)), strict=True))
    shapes = dict(zip(counts, markers(len(counts)), strict=True))
    for row in points.to_dict("records"):
        colour = colours[row["size"]]
        spans = {"low": row["low"], "high": row["high"], "under": row["predicted_low"], "over": row["predicted_high"]}
        spans = {name: float(np.clip(value, ends[0] / 9, 9)) for name, value in spans.items()}
        axes.hlines(row["predicted"], spans["low"], spans["high"], color=colour, linewidth=1.1, zorder=2)
        axes.vlines(row["measured"], spans["under"], spans["over"], color=colour, linewidth=1.1, zorder=2)
        axes.plot(row["measured"], row["predicted"], marker=shapes[row["people"]], color=colour, linestyle="none")
        if row["calibration"]:
            axes.plot(row["measured"], row["predicted"], marker="o", markersize=13, color=INK, fillstyle="none")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(ends)
    axes.set_ylim(ends)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([tick for tick in TICKS if ends[0] <= tick <= ends[1]]))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda ratio, _: ratio_text(ratio)))
    axes.set_xlabel("measured critical ratio")
    axes.set_ylabel("predicted critical ratio")
    handles: list[Artist] = [Line2D([], [], color=colour, marker="s", linestyle="none") for colour in colours.values()]
    handles += [Line2D([], [], color=MUTED, marker=shape, linestyle="none") for shape in shapes.values()]
    handles += [Line2D([], [], color=INK, marker="o", markersize=9, fillstyle="none", linestyle="none")]
    labels = [*names, *(f"N = {people:,}" for people in counts), "calibration"]
    legend_above(figure, "model size and number of people", handles, labels)
    return figure
