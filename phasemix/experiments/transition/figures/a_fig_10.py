"""A-Fig 10: the transition in bits."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import SIZES_MAP, bits_axis, legend_above, markers, percent_axis, ratio_axis, shades


def draw(tables: Tables) -> Figure:
    """The share of all bits that is known against mixing ratio, a line per size; bars are bootstrap intervals."""
    figure, axes = plt.subplots()
    count = len(tables.sizes)
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, count), markers(count), strict=True):
        line = tables.known[tables.known["size"] == size].sort_values("ratio")
        axes.plot(line["ratio"], line["known"], marker=marker, color=colour, label=size)
        axes.vlines(line["ratio"], line["low"], line["high"], color=colour, linewidth=1.2)
    ratio_axis(axes, tables.ratios)
    percent_axis(axes)
    axes.set_ylabel("known bits")
    bits_axis(axes, tables.known["known"].min())
    legend_above(figure, "model size", *axes.get_legend_handles_labels())
    return figure
