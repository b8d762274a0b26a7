"""Learning curves: accuracy on the way, a panel a size and a line a mixing ratio."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from phasemix.figures.style import RATIOS_MAP, Tables, percent_axis, ratio_text, shades

COLUMNS = 3


def draw(tables: Tables) -> Figure:
    """Accuracy on a sample of people at every evaluation point, mean over seeds."""
    columns = min(COLUMNS, len(tables.sizes))
    rows = -(-len(tables.sizes) // columns)
    figure, grid = plt.subplots(rows, columns, figsize=(6.8, 2.3 * rows), sharex=True, sharey=True, squeeze=False)
    colours = dict(zip(tables.ratios, shades(RATIOS_MAP, len(tables.ratios)), strict=True))
    curves = tables.curves.groupby(["size", "ratio", "tokens"])["accuracy"].mean().reset_index()
    for axes, size in zip(grid.flat, tables.sizes, strict=False):
        for ratio, colour in colours.items():
            line = curves[(curves["size"] == size) & (curves["ratio"] == ratio)]
            axes.plot(line["tokens"], line["accuracy"], color=colour, label=ratio_text(ratio))
        axes.set_title(size)
        percent_axis(axes)
        axes.label_outer()
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
        axes.xaxis.set_major_locator(MaxNLocator(3))
        axes.tick_params(labelbottom=True)
    for axes in list(grid.flat)[len(tables.sizes) :]:
        axes.set_visible(False)
    figure.supxlabel("training tokens", fontsize=9)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], title="mixing ratio r", loc="outside right center")
    return figure
