"""A-Fig 13: sizes that were inferred from PopQA, and the true ones."""

from matplotlib.figure import Figure

from phasemix.experiments.popqa.tables import Tables
from phasemix.plots import inferred_sizes


def draw(tables: Tables) -> Figure:
    """The size of every model as inferred from all other sizes, over its true size, by family."""
    return inferred_sizes.draw(tables.found)
