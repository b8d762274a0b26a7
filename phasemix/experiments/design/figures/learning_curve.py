"""How many runs each law needs."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from phasemix.experiments.design.figures._axes import error_axis
from phasemix.experiments.design.tables import Tables
from phasemix.plots.palette import domain_colours
from phasemix.report.figure_style import HEIGHT, MUTED, WIDTH, legend_above, markers

SHOWN = ("bimix", "additive", "joint", "transfer", "kriging", "capacity-allocation", "exponential", "regmix-lightgbm")


def draw(tables: Tables) -> Figure:
    """Mean relative error on held-out mixtures over the number of mixtures fitted on, a line per law."""
    counts = tables.settings("learning")
    errors = 100 * pd.DataFrame({int(count): tables.errors("learning", count) for count in counts}).sort_index(axis=1)
    figure, axes = plt.subplots(figsize=(WIDTH, 1.2 * HEIGHT))
    laws = [law for law in SHOWN if law in errors.index]
    colours = domain_colours(tuple(laws))
    for law, marker in zip(laws, markers(len(laws)), strict=True):
        line = errors.loc[law].dropna()
        axes.plot(line.index, line, marker=marker, color=colours[law], label=law, markersize=5)
    axes.set_yscale("log")
    error_axis(axes.yaxis)
    axes.set_xticks(list(errors.columns))
    axes.axhline(1, color=MUTED, linewidth=1, zorder=1)
    axes.set(xlabel="mixtures fitted on", ylabel="mean relative error on the others")
    legend_above(figure, "", *axes.get_legend_handles_labels())
    return figure
