"""Accuracy by frequency."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.threshold.figures._axes import FREQUENCY, frequency_axis
from phasemix.experiments.threshold.tables import PER, Tables
from phasemix.report.figure_style import MUTED, SIZES_MAP, legend_above, markers, percent_axis, shades


def draw(tables: Tables) -> Figure:
    """Accuracy of groups against their frequency, a line per size; bands reach from the lowest seed to the highest."""
    figure, axes = plt.subplots()
    axes.set_xscale("log")
    axes.axhline(tables.level, color=MUTED, linewidth=1.1, linestyle=(0, (1, 1.6)), label="_level", zorder=1)
    count = len(tables.sizes)
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, count), markers(count), strict=True):
        by_group = tables.groups[tables.groups["size"] == size].groupby("frequency")["accuracy"]
        found = by_group.agg(["mean", "min", "max"])
        x = PER * found.index.to_numpy()
        axes.plot(x, found["mean"], marker=marker, markersize=3.5, linewidth=1.3, color=colour, label=size)
        axes.fill_between(x, found["min"], found["max"], color=colour, alpha=0.15, linewidth=0)
    frequency_axis(axes.xaxis)
    axes.set_xlabel(f"frequency of a person ({FREQUENCY})")
    percent_axis(axes)
    legend_above(figure, "model size", *axes.get_legend_handles_labels())
    return figure
