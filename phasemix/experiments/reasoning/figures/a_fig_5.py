"""A-Fig 5, A-Fig 12: reasoning over the mixing ratio."""

from matplotlib.figure import Figure

from phasemix.experiments.reasoning.figures._lines import draw_lines
from phasemix.experiments.reasoning.tables import Tables


def draw(tables: Tables) -> Figure:
    """A panel per task, a line per size."""
    return draw_lines(tables, by="size")
