"""The loss on facts across their critical ratio, and laws fitted to it."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.experiments.meeting.figures._looks import LAWS, NAMES, handles, mark_critical, mean_lines, over_ratios
from phasemix.experiments.meeting.tables import NOTHING, Tables
from phasemix.plots.grid import panel_grid
from phasemix.report.figure_style import INK, legend_above


def draw(tables: Tables) -> Figure:
    """Above the loss on the facts, below how far laws lie off it; a column per size, dots are cells."""
    said = tables.said[tables.said["held_out"] == NOTHING]
    figure, grid = panel_grid(2 * len(tables.sizes), columns=len(tables.sizes))
    above, below = grid[: len(tables.sizes)], grid[len(tables.sizes) :]
    for size, upper, lower in zip(tables.sizes, above, below, strict=True):
        own = said[said["size"] == size]
        cells = tables.cells_with_facts[tables.cells_with_facts["size"] == size]
        upper.plot(cells["ratio"], cells["dense_loss"], "o", color=INK, markersize=4, zorder=4)
        for law, look in LAWS.items():
            mine = own[own["law"] == law]
            line = mean_lines(mine, "dense_loss_predicted")
            upper.plot(line.index, line, linewidth=1.5, **look)
            off = mean_lines(mine.assign(off=100 * (mine["dense_loss_predicted"] / mine["dense_loss"] - 1)), "off")
            lower.plot(off.index, off, marker="o", markersize=3, linewidth=1.4, **look)
        lower.axhline(0, color=INK, linewidth=0.8)
        upper.set_title(size)
        for axes in (upper, lower):
            mark_critical(axes, tables, size)
            over_ratios(axes, tables)
    least, most = (end for end in zip(*(axes.get_ylim() for axes in below), strict=True))
    for axes in below:
        axes.set_ylim(min(least), max(most))
    above[0].set_ylabel("loss on facts (nats)")
    below[0].set_ylabel("law off by, %")
    figure.supxlabel("mixing ratio of the facts", fontsize=10)
    measured = Line2D([], [], color=INK, marker="o", markersize=4, linestyle="")
    legend_above(figure, "", [measured, *handles(list(LAWS))], ["measured", *NAMES.values()])
    return figure
