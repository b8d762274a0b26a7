"""Figures with a line per contestant."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from phasemix.report.figure_style import WIDTH


def tall(panels: int, lines: int, *, alike: bool = False) -> tuple[Figure, list[Axes]]:
    """A figure as tall as so many lines of text need.

    Of several panels side by side the first one is the widest and all share their lines, unless they are ``alike``.
    """
    ratios = [1.0 if alike else 2.0, *[1.0] * (panels - 1)]
    size = (WIDTH, 1.3 + 0.2 * lines)
    figure, grid = plt.subplots(1, panels, figsize=size, sharey=not alike, squeeze=False, width_ratios=ratios)
    return figure, list(grid.flat)
