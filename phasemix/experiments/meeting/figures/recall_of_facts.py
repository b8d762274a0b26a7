"""Recall of facts among k domains, and the law that sees the cliff."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.experiments.meeting.figures._looks import LAWS, handles, mark_critical, mean_lines, over_ratios
from phasemix.experiments.meeting.tables import NOTHING, Tables
from phasemix.plots.grid import panel_grid
from phasemix.report.figure_style import INK, legend_above, percent_axis

SHOWN = ("cliff", "transfer")


def draw(tables: Tables) -> Figure:
    """Recall accuracy over the ratio, a panel per size; lines are laws fitted to all cells."""
    said = tables.said[tables.said["held_out"] == NOTHING]
    figure, grid = panel_grid(len(tables.sizes))
    for size, axes in zip(tables.sizes, grid, strict=True):
        own = said[said["size"] == size]
        cells = tables.cells_with_facts[tables.cells_with_facts["size"] == size]
        axes.plot(cells["ratio"], cells["accuracy"], "o", color=INK, markersize=4, zorder=4)
        for law in SHOWN:
            line = mean_lines(own[own["law"] == law], "recall_predicted")
            axes.plot(line.index, line, linewidth=1.5, **LAWS[law])
        axes.set_title(size)
        percent_axis(axes)
        axes.set_ylabel("")
        mark_critical(axes, tables, size)
        over_ratios(axes, tables)
    grid[0].set_ylabel("recall accuracy")
    figure.supxlabel("mixing ratio of the facts", fontsize=10)
    measured = Line2D([], [], color=INK, marker="o", markersize=4, linestyle="")
    legend_above(figure, "", [measured, *handles(SHOWN)], ["measured", *SHOWN])
    return figure
