"""Recall accuracy of held-out cells, measured and predicted, by law."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from phasemix.experiments.cliff.comparisons import ALL, CLIFF, LARGER, SIGMOID
from phasemix.experiments.cliff.tables import Tables
from phasemix.report.figure_style import MUTED, SIZES_MAP, WIDTH, legend_above, markers, shades

COLUMNS = {"above": "far side: above", "below": "far side: below", LARGER: "a larger size"}
BEST_OF_BENCH = "transfer"


def draw(tables: Tables) -> Figure:
    """A row per law, a column per kind of what was held out, a dot per cell, a colour per size; scope ``all``."""
    said = tables.predictions[tables.predictions["scope"] == ALL]
    laws = [law for law in (CLIFF, SIGMOID, BEST_OF_BENCH) if law in set(said["law"])]
    kinds = [kind for kind in COLUMNS if kind in set(said["held_out"])]
    sizes = said.drop_duplicates("size").sort_values("parameters")["size"].tolist()
    styles = dict(zip(sizes, zip(shades(SIZES_MAP, len(sizes)), markers(len(sizes)), strict=True), strict=True))
    figure, grid = plt.subplots(
        len(laws), len(kinds), figsize=(1.25 * WIDTH, 0.8 + 1.95 * len(laws)), sharex=True, sharey=True, squeeze=False
    )
    for row, law in zip(grid, laws, strict=True):
        for axes, kind in zip(row, kinds, strict=True):
            cells = said[(said["law"] == law) & (said["held_out"] == kind)]
            axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, zorder=1)
            for size, part in cells.groupby("size"):
                colour, marker = styles[str(size)]
                axes.plot(part["accuracy"], part["recall_predicted"], marker, color=colour, markersize=4.5, alpha=0.8)
            error = float(np.abs(cells["recall_predicted"] - cells["accuracy"]).mean())
            axes.text(0.97, 0.04, f"{100 * error:.0f} points", transform=axes.transAxes, ha="right", fontsize=9)
            axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(PercentFormatter(1.0))
                axis.set_ticks([0, 0.5, 1])
            if axes in grid[0]:
                axes.set_title(COLUMNS[kind])
        row[0].set_ylabel(law)
    figure.supxlabel("measured recall accuracy", fontsize=10)
    figure.supylabel("predicted, by law", fontsize=10)
    handles = [Line2D([], [], color=colour, marker=marker, linestyle="none") for colour, marker in styles.values()]
    legend_above(figure, "model size", list(handles), list(styles))
    return figure
