"""A-Fig 6: what is known against capacity, at several ratios."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from phasemix.experiments.theory.tables import Tables
from phasemix.report.figure_style import (
    RATIOS_MAP,
    bits_axis,
    counts_axis,
    legend_above,
    log_axis,
    markers,
    percent_axis,
    ratio_text,
    shades,
)


def draw(tables: Tables) -> Figure:
    """The learner's curve and the measured points at each ratio, with the calibration's people; sizes stand above."""
    figure, axes = plt.subplots()
    people = tables.theory["calibration"]["people"]
    ratios = sorted(tables.capacity["ratio"].unique())
    count = len(ratios)
    known = tables.known[tables.known["people"] == people]
    for ratio, colour, marker in zip(ratios, shades(RATIOS_MAP, count), markers(count), strict=True):
        curve = tables.capacity[tables.capacity["ratio"] == ratio]
        cells = known[np.isclose(known["ratio"], ratio)]
        at = cells["parameters"] * tables.bits_per_parameter
        axes.plot(curve["capacity"], curve["known"], color=colour, linewidth=1.5)
        axes.vlines(at, cells["low"], cells["high"], color=colour, linewidth=1.1)
        axes.plot(at, cells["known"], color=colour, marker=marker, linestyle="none", label=ratio_text(ratio))
    counts_axis(axes, digits=(1, 2, 5))
    axes.set_xlim(tables.capacity["capacity"].min(), tables.capacity["capacity"].max())
    axes.set_xlabel("capacity M (bits)")
    percent_axis(axes)
    bits_axis(axes, known["known"].min())
    axes.set_ylabel("bits known, of all")
    sizes = known.drop_duplicates("size").sort_values("parameters")
    above = axes.twiny()
    above.grid(False)
    log_axis(above, (sizes["parameters"] * tables.bits_per_parameter).tolist(), sizes["size"].tolist())
    above.set_xlim(axes.get_xlim())
    above.tick_params(length=0, labelsize=8.5)
    legend_above(figure, f"mixing ratio r, {people:,} people", *axes.get_legend_handles_labels())
    return figure
