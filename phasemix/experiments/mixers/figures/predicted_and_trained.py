"""What mixers predicted of their own mixtures, and what was trained."""

from matplotlib.figure import Figure

from phasemix.experiments.mixers.figures._looks import tall
from phasemix.experiments.mixers.tables import Tables
from phasemix.report.figure_style import INK, markers, shades


def draw(tables: Tables) -> Figure:
    """Predicted over trained losses of the chosen mixture, a point per mixer and domain."""
    parts = list(tables.predicted.groupby("contestant", sort=False))
    figure, (axes,) = tall(1, 16)
    for (name, part), colour, mark in zip(parts, shades("viridis", len(parts)), markers(len(parts)), strict=True):
        axes.plot(part["trained"], part["predicted"], mark, color=colour, label=str(name), markersize=4.5)
    ends = axes.get_xlim()
    axes.plot(ends, ends, color=INK, linewidth=0.8)
    axes.set_xlabel("trained loss (nats)")
    axes.set_ylabel("predicted loss (nats)")
    figure.legend(loc="outside upper center", ncols=3, handlelength=1.0)
    return figure
