"""A-Fig 1: the transition in model size."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import (
    RATIOS_MAP,
    floor_line,
    legend_above,
    log_axis,
    markers,
    percent_axis,
    ratio_text,
    shades,
)


def draw(tables: Tables) -> Figure:
    """Accuracy against model size, a line per mixing ratio; bars are bootstrap intervals over people and seeds."""
    figure, axes = plt.subplots()
    count = len(tables.ratios)
    for ratio, colour, marker in zip(tables.ratios, shades(RATIOS_MAP, count), markers(count), strict=True):
        line = tables.accuracy[tables.accuracy["ratio"] == ratio].sort_values("parameters")
        axes.plot(line["parameters"], line["accuracy"], marker=marker, color=colour, label=ratio_text(ratio))
        axes.vlines(line["parameters"], line["low"], line["high"], color=colour, linewidth=1.2)
    sized = tables.transition.drop_duplicates("size").sort_values("parameters")
    log_axis(axes, sized["parameters"].tolist(), sized["size"].tolist())
    axes.set_xlabel("model size (parameters)")
    percent_axis(axes)
    floor_line(axes, tables.floor)
    legend_above(figure, "mixing ratio r", *axes.get_legend_handles_labels())
    return figure
