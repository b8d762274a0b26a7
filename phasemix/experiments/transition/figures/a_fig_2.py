"""A-Fig 2: the transition in mixing ratio."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.transition.published import A_TABLE_1
from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import (
    PUBLISHED,
    SIZES_MAP,
    floor_line,
    legend_above,
    markers,
    percent_axis,
    shades,
)


def draw(tables: Tables) -> Figure:
    """Accuracy against mixing ratio, a line per size, beside the paper's 70M; bars are bootstrap intervals."""
    figure, axes = plt.subplots()
    count = len(tables.sizes)
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, count), markers(count), strict=True):
        line = tables.accuracy[tables.accuracy["size"] == size].sort_values("ratio")
        axes.plot(line["ratio"], line["accuracy"], marker=marker, color=colour, label=size)
        axes.vlines(line["ratio"], line["low"], line["high"], color=colour, linewidth=1.2)
    axes.errorbar(
        A_TABLE_1["ratio"],
        A_TABLE_1["accuracy_percent"] / 100,
        yerr=A_TABLE_1["sd"].fillna(0) / 100,
        color=PUBLISHED,
        linestyle=(0, (4, 2)),
        marker="x",
        linewidth=1.3,
        label="paper A: 70M",
    )
    axes.set_xlim(left=0)
    axes.set_xlabel("mixing ratio r")
    percent_axis(axes)
    floor_line(axes, tables.floor)
    legend_above(figure, "model size", *axes.get_legend_handles_labels())
    return figure
