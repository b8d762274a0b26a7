"""What is known against exposures, as in A-Fig 4; several kinds of experiment draw it."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from phasemix.report.figure_style import (
    RATIOS_MAP,
    exposures_axis,
    legend_above,
    markers,
    panels,
    percent_axis,
    ratio_text,
    shades,
)

MANY = 8  # points of a line, above which their marks are small


def known_over_exposures(growth: pd.DataFrame, sizes: Sequence[str], ratios: Sequence[float]) -> Figure:
    """What is known at every horizon against the exposures of a person: a panel per size and a line per ratio.

    Args:
        growth: as :func:`phasemix.analysis.growth.growth` returns it.
        sizes: a panel each.
        ratios: a line each, smallest first.
    """
    figure, grid = panels(len(sizes))
    count = len(ratios)
    mark, width, bar = (3.4, 1.3, 0.8) if growth["tokens"].nunique() > MANY else (5.5, 1.8, 1.2)
    for axes, size in zip(grid, sizes, strict=True):
        for ratio, colour, marker in zip(ratios, shades(RATIOS_MAP, count), markers(count), strict=True):
            line = growth[(growth["size"] == size) & (growth["ratio"] == ratio)]
            low, high = (line[f"known_{end}"].clip(lower=0) for end in ("low", "high"))
            [drawn] = axes.plot(line["exposures"], line["known"], marker=marker, color=colour, label=ratio_text(ratio))
            drawn.set(markersize=mark, linewidth=width)
            axes.vlines(line["exposures"], low, high, color=colour, linewidth=bar)
        axes.set_title(size)
        percent_axis(axes)
        axes.set_ylabel("")
        exposures_axis(axes)
    figure.supylabel("known bits", fontsize=10)
    figure.supxlabel("exposures of a person", fontsize=10)
    legend_above(figure, "mixing ratio r", *grid[0].get_legend_handles_labels())
    return figure
