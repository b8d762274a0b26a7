"""Accuracy against the number of people."""

from matplotlib.figure import Figure

from phasemix.experiments.people.figures._lines import share_lines
from phasemix.experiments.people.tables import Tables


def draw(tables: Tables) -> Figure:
    """A panel per size and a line per mixing ratio, with the guessing floor."""
    return share_lines(tables, "accuracy", "recall accuracy", floor=True)
