"""A-Fig 7c: model size against threshold popularity."""

from matplotlib.figure import Figure

from phasemix.experiments.by_popularity import Tables
from phasemix.plots import popularity


def draw(tables: Tables) -> Figure:
    """Our models, the law fitted to all, and its interval for another model."""
    return popularity.draw(tables.found, tables.confidence)
