"""How many runs each law needs."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.design.figures._axes import error_axis
from phasemix.experiments.design.tables import Tables
from phasemix.plots.palette import domain_colours
from phasemix.report.figure_style import HEIGHT, MUTED, WIDTH, legend_above, markers

SHOWN = ("bimix", "additive", "joint", "transfer", "kriging", "capacity-allocation", "exponential", "regmix-lightgbm")


def draw(tables: Tables) -> Figure:
    """Mean relative error on held-out mixtures over the number of mixtures fitted on, a line per law."""
    errors = 100 * tables.errors("learning")
    figure, axes = plt.subplots(figsize=(WIDTH, 1.2 * HEIGHT))
    laws = [law for law in SHOWN if law in errors.index.get_level_values("law")]
    colours = domain_colours(tuple(laws))
    for law, marker in zip(laws, markers(len(laws)), strict=True):
        line = errors.xs(law, level="law")
        line = line.set_axis(line.index.astype(int)).sort_index()
        axes.plot(line.index, line, marker=marker, color=colours[law], label=law, markersize=5)
    axes.set_yscale("log")
    error_axis(axes.yaxis)
    axes.set_xticks(sorted({int(setting) for setting in errors.index.get_level_values("setting")}))
    axes.axhline(1, color=MUTED, linewidth=1, zorder=1)
    axes.set(xlabel="mixtures fitted on", ylabel="mean relative error on the others")
    legend_above(figure, "", *axes.get_legend_handles_labels())
    return figure
