"""A-Fig 10: the transition in validation loss."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.transition.tables import Tables
from phasemix.report.figure_style import SIZES_MAP, legend_above, markers, ratio_axis, shades


def draw(tables: Tables) -> Figure:
    """Loss on the dense source against mixing ratio, a line per size; marks at the foot are critical ratios."""
    figure, axes = plt.subplots()
    cells = tables.transition[~tables.transition["diverged"] & (tables.transition["ratio"] > 0)]
    losses = cells.groupby(["size", "ratio"])["dense_loss"].mean()
    critical = tables.critical[tables.critical["kind"] == "ratio"].set_index("size")["value"]
    count = len(tables.sizes)
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, count), markers(count), strict=True):
        line = losses.get(size)
        if line is None:
            continue
        axes.plot(line.index, line, marker=marker, color=colour, label=size)
        axes.axvline(critical[size], ymax=0.06, color=colour, linewidth=3)
    ratio_axis(axes, tables.ratios)
    axes.set_ylabel("loss on the dense source\n(nats per token)")
    legend_above(figure, "model size", *axes.get_legend_handles_labels())
    return figure
