"""A-Fig 13: sizes that were inferred, and the true ones."""

from matplotlib.figure import Figure

from phasemix.experiments.by_popularity import Tables
from phasemix.plots import inferred_sizes


def draw(tables: Tables) -> Figure:
    """The size of every model as inferred from all other sizes, over its true size."""
    return inferred_sizes.draw(tables.found)
