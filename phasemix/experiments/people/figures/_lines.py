"""A share against the number of people: a panel per size, a line per mixing ratio, a dot per run."""

from matplotlib.figure import Figure

from phasemix.analysis.critical_points import Share
from phasemix.experiments.people.tables import Tables
from phasemix.report.figure_style import (
    MUTED,
    RATIOS_MAP,
    horizon_axis,
    legend_above,
    markers,
    panels,
    percent_axis,
    ratio_text,
    shades,
)


def share_lines(tables: Tables, share: Share, label: str, floor: bool) -> Figure:
    """The figure; with ``floor``, the dotted line of guessing."""
    figure, grid = panels(len(tables.sizes))
    count = len(tables.ratios)
    runs = tables.people[~tables.people["diverged"]]
    handles = {}
    for axes, size in zip(grid, tables.sizes, strict=True):
        for ratio, colour, marker in zip(tables.ratios, shades(RATIOS_MAP, count), markers(count), strict=True):
            cells = tables.shares[(tables.shares["size"] == size) & (tables.shares["ratio"] == ratio)]
            cells = cells.sort_values("people")
            dots = runs[(runs["size"] == size) & (runs["ratio"] == ratio)]
            if cells.empty:
                continue
            [line] = axes.plot(cells["people"], cells[share], marker=marker, color=colour)
            axes.scatter(dots["people"], dots[share], s=7, color=colour, alpha=0.55, linewidth=0, zorder=3)
            handles[ratio] = line
        axes.set_title(size)
        percent_axis(axes)
        if floor:
            floors = tables.floors.dropna()
            axes.plot(floors.index, floors, color=MUTED, linewidth=1.1, linestyle=(0, (1, 1.6)), zorder=1)
        axes.set_ylabel("")
        horizon_axis(axes, tables.counts, ticks=6 if len(grid) == 1 else 4)
    figure.supylabel(label, fontsize=10)
    figure.supxlabel("number of people N", fontsize=10)
    shown = sorted(handles)
    legend_above(figure, "mixing ratio r", [handles[r] for r in shown], [ratio_text(ratio) for ratio in shown])
    return figure
