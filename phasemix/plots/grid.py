"""Panels with axes of their own, in rows of three."""

import math

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from phasemix.base.spelling import parameters_text
from phasemix.report.figure_style import MUTED

COLUMNS = 3
SIDE, TALL = 2.3, 1.9  # inches of a panel


def nothing(words: str) -> Figure:
    """A figure that says why it shows nothing."""
    figure, axes = plt.subplots()
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", color=MUTED)
    axes.set_axis_off()
    return figure


def panel_grid(count: int, columns: int = COLUMNS) -> tuple[Figure, list[Axes]]:
    """A figure of ``count`` panels in rows of ``columns``; nobody draws in the unused ones."""
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    size = (max(SIDE * columns, 3.6) + 0.5, TALL * rows + 0.6)
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False)
    found = list(grid.flat)
    for axes in found[count:]:
        axes.set_visible(False)
    for axes in found[:count]:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_locator(MaxNLocator(4))
    return figure, found[:count]


def log_log(axes: Axes) -> None:
    """Logarithmic axes with plain numbers, few of them."""
    axes.set(xscale="log", yscale="log")
    for axis, digits in ((axes.xaxis, (1, 3)), (axes.yaxis, (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8))):
        axis.set_major_locator(LogLocator(subs=digits))
        axis.set_major_formatter(
            FuncFormatter(lambda value, _: parameters_text(int(value)) if value >= 1000 else f"{value:g}")
        )
        axis.set_minor_formatter(NullFormatter())
