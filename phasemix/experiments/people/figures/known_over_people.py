"""Known bits against the number of people."""

from matplotlib.figure import Figure

from phasemix.experiments.people.figures._lines import share_lines
from phasemix.experiments.people.tables import Tables
from phasemix.report.figure_style import bits_axis


def draw(tables: Tables) -> Figure:
    """A panel per size and a line per mixing ratio."""
    figure = share_lines(tables, "known", "bits known, of all", floor=False)
    for axes in figure.axes:
        bits_axis(axes, tables.people["known"].min())
    return figure
