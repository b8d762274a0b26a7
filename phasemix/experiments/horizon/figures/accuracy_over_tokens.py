"""Accuracy over training tokens."""

from matplotlib.figure import Figure

from phasemix.experiments.horizon.tables import Tables
from phasemix.report.figure_style import (
    RATIOS_MAP,
    floor_line,
    horizon_axis,
    legend_above,
    markers,
    panels,
    percent_axis,
    ratio_text,
    shades,
)


def draw(tables: Tables) -> Figure:
    """Accuracy at the end of runs to every horizon: a panel per size and a line per mixing ratio."""
    figure, grid = panels(len(tables.sizes))
    count = len(tables.ratios)
    means = tables.accuracies.dropna(subset="accuracy")
    for axes, size in zip(grid, tables.sizes, strict=True):
        for ratio, colour, marker in zip(tables.ratios, shades(RATIOS_MAP, count), markers(count), strict=True):
            line = means[(means["size"] == size) & (means["ratio"] == ratio)]
            axes.plot(line["tokens"], line["accuracy"], marker=marker, color=colour, label=ratio_text(ratio))
            axes.vlines(line["tokens"], line["lowest"], line["highest"], color=colour, linewidth=1.2)
        axes.set_title(size)
        percent_axis(axes)
        floor_line(axes, tables.floor)
        axes.set_ylabel("")
        horizon_axis(axes, tables.tokens, ticks=6 if len(grid) == 1 else 4)
    figure.supylabel("recall accuracy", fontsize=10)
    figure.supxlabel("tokens trained on", fontsize=10)
    legend_above(figure, "mixing ratio r", *grid[0].get_legend_handles_labels())
    return figure
