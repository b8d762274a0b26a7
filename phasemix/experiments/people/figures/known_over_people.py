"""Known bits against the number of people."""

from matplotlib.figure import Figure

from phasemix.experiments.people.figures._lines import share_lines
from phasemix.experiments.people.tables import Tables


def draw(tables: Tables) -> Figure:
    """A panel per size and a line per mixing ratio."""
    return share_lines(tables, "known", "bits known, of all", floor=False)
