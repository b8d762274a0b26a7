"""What is known against exposures, as in A-Fig 4; several kinds of experiment draw it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.report.figure_style import bits_axis, counts_axis
from phasemix.report.ratio_panels import ratio_panels

MANY = 8  # points of a line, above which their marks are small


def known_over_exposures(growth: pd.DataFrame, sizes: Sequence[str], ratios: Sequence[float]) -> Figure:
    """What is known at every horizon against the exposures of a person: a panel per size and a line per ratio.

    Args:
        growth: as :func:`phasemix.analysis.growth.growth` returns it.
        sizes: a panel each.
        ratios: a line each, smallest first.
    """
    mark, width, bar = (3.4, 1.3, 0.8) if growth["tokens"].nunique() > MANY else (5.5, 1.8, 1.2)

    def drawing(axes: Axes, line: pd.DataFrame, style: dict[str, Any]) -> Line2D:
        axes.vlines(line["exposures"], line["known_low"], line["known_high"], color=style["color"], linewidth=bar)
        [drawn] = axes.plot(line["exposures"], line["known"], markersize=mark, linewidth=width, **style)
        return drawn

    figure, grid = ratio_panels(growth, sizes, ratios, drawing, x="exposures of a person", y="known bits")
    for axes in grid:
        bits_axis(axes, growth["known"].min())
        counts_axis(axes)
    return figure
