"""A-Fig 10: validation loss on the biographies against mixing ratio, a line a size."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.figures.style import MARKERS, SIZES_MAP, Tables, ratio_axis, shades


def draw(tables: Tables) -> Figure:
    """The continuous metric; a tick under a line marks the size's critical ratio."""
    figure, axes = plt.subplots(figsize=(6.4, 3.9))
    cells = tables.transition[~tables.transition["diverged"] & (tables.transition["ratio"] > 0)]
    losses = cells.groupby(["size", "ratio"])["bio_loss"].mean()
    critical = tables.critical[tables.critical["kind"] == "ratio"].set_index("size")["value"]
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, len(tables.sizes)), MARKERS * 9, strict=False):
        line = losses.get(size)
        if line is None:
            continue
        axes.plot(line.index, line, marker=marker, color=colour, label=size)
        axes.axvline(critical[size], ymax=0.05, color=colour, linewidth=2.5)
    ratio_axis(axes, tables.ratios)
    axes.set_ylabel("loss on biographies (nats per token)")
    axes.legend(title="model size", loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
