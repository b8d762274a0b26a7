"""Learning curves."""

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from phasemix.base.spelling import parameters_text
from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import (
    RATIOS_MAP,
    floor_line,
    legend_above,
    panels,
    percent_axis,
    ratio_text,
    shades,
)


def draw(tables: Tables) -> Figure:
    """Accuracy on the way, mean over seeds: a panel per size and a line per mixing ratio."""
    figure, grid = panels(len(tables.sizes))
    colours = dict(zip(tables.ratios, shades(RATIOS_MAP, len(tables.ratios)), strict=True))
    curves = tables.curves.groupby(["size", "ratio", "tokens"])["accuracy"].mean().reset_index()
    for axes, size in zip(grid, tables.sizes, strict=True):
        for ratio, colour in colours.items():
            line = curves[(curves["size"] == size) & (curves["ratio"] == ratio)]
            axes.plot(line["tokens"], line["accuracy"], color=colour, label=ratio_text(ratio))
        axes.set_title(size)
        percent_axis(axes)
        floor_line(axes, tables.floor)
        axes.set_ylabel("")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: parameters_text(tokens) if tokens else "0"))
        axes.xaxis.set_major_locator(MaxNLocator(3))
    figure.supylabel("recall accuracy", fontsize=10)
    figure.supxlabel("training tokens", fontsize=10)
    legend_above(figure, "mixing ratio r", *grid[0].get_legend_handles_labels())
    return figure
