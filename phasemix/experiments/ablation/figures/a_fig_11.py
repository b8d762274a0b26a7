"""A-Fig 11: other batch sizes, learning rates and schedules."""

from matplotlib.figure import Figure

from phasemix.experiments.ablation.spec import AXES, TITLES
from phasemix.experiments.ablation.tables import Tables
from phasemix.plots.grid import panel_grid
from phasemix.report.figure_style import floor_line, markers, percent_axis, ratio_axis, shades


def draw(tables: Tables) -> Figure:
    """Accuracy against mixing ratio, a panel per part of the recipe and a line per value; bars are intervals."""
    varied = [axis for axis in AXES if len(tables.variants(axis)) > 1]
    figure, grid = panel_grid(len(varied))
    ratios = sorted(tables.means["ratio"].unique().tolist())
    for axes, axis in zip(grid, varied, strict=True):
        lines = tables.variants(axis)
        for (value, part), colour, mark in zip(lines, shades("mako_r", len(lines)), markers(len(lines)), strict=True):
            known = part.dropna(subset="accuracy").sort_values("ratio")
            own = value == str(tables.usual[axis])
            [line] = axes.plot(
                known["ratio"], known["accuracy"], color=colour, marker=mark, markersize=4.5, label=value
            )
            line.set_linewidth(2.0 if own else 1.3)
            axes.vlines(known["ratio"], known["accuracy_low"], known["accuracy_high"], color=colour, linewidth=1)
        axes.set_title(TITLES[axis])
        ratio_axis(axes, ratios)
        axes.set_xlabel("")
        percent_axis(axes)
        axes.set_ylabel("")
        floor_line(axes, float(tables.means["floor"].max()))
        axes.legend(loc="upper left", handlelength=1.2, borderpad=0.1, labelspacing=0.25, fontsize=8.5)
    grid[0].set_ylabel("recall accuracy")
    figure.supxlabel("mixing ratio r", fontsize=10)
    return figure
