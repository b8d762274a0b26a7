"""Panels with axes of their own, in rows of three."""

import math
from itertools import pairwise

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from phasemix.base.spelling import parameters_text
from phasemix.report.figure_style import MUTED

COLUMNS = 3
ROUND, TICKS = (1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8), 4  # digits of ticks, and how many an axis has at most
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
    """Logarithmic axes with a few plain numbers; call it when all is drawn."""
    axes.set(xscale="log", yscale="log")
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        axis.set_major_locator(FixedLocator(_round_numbers(low, high)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value)))
        axis.set_minor_locator(NullLocator())


def _round_numbers(low: float, high: float) -> list[float]:
    """At most ``TICKS`` round numbers between two, spread evenly over their logarithms."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [digit * 10.0**power for power in powers for digit in ROUND if low <= digit * 10.0**power <= high]
    while len(found) > TICKS:
        gaps = [math.log(after / before) for before, after in pairwise(found)]
        found.pop(max(1, gaps.index(min(gaps))))
    return found


def _plain(value: float) -> str:
    return parameters_text(round(value)) if value >= 1000 else f"{value:.3g}"
