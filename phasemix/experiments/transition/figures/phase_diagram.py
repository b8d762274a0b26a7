"""Phase diagram."""

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import GRID, INK, ratio_text


def draw(tables: Tables) -> Figure:
    """Every cell's accuracy in per cent, over size and mixing ratio; the line joins the critical ratios."""
    cells = tables.accuracy.pivot_table(index="size", columns="ratio", values="accuracy").reindex(tables.sizes[::-1])
    figure, axes = plt.subplots()
    sns.heatmap(
        cells,
        ax=axes,
        cmap="mako_r",
        vmin=0,
        vmax=1,
        annot=100 * cells,
        fmt=".0f",
        annot_kws={"fontsize": 10},
        linewidths=1.5,
        linecolor="white",
        cbar=False,
    )
    for number in axes.texts:  # to the lower left of the cell's middle, where the falling line does not pass
        column, row = number.get_position()
        number.set_position((column - 0.3, row + 0.44))
        number.set_verticalalignment("bottom")
    axes.set_facecolor(GRID)
    axes.set_xticklabels([ratio_text(ratio) for ratio in tables.ratios])
    axes.tick_params(length=0)
    axes.set_yticklabels(cells.index, rotation=0)
    axes.set_xlabel("mixing ratio r")
    axes.set_ylabel("model size (parameters)")
    points = tables.critical[(tables.critical["kind"] == "ratio") & (tables.critical["standing"] == "on")]
    x = np.interp(np.log(points["value"]), np.log(tables.ratios), np.arange(len(tables.ratios)) + 0.5)
    y = [tables.sizes[::-1].index(size) + 0.5 for size in points["size"]]
    axes.plot(
        x,
        y,
        color="#f28e2b",
        marker="o",
        markeredgecolor="white",
        linewidth=2.2,
        markersize=7.5,
        label="critical ratio",
    )
    if len(points):
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), labelcolor=INK)
    return figure
