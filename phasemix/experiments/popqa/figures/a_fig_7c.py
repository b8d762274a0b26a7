"""A-Fig 7c: model size against threshold popularity in PopQA."""

from matplotlib.figure import Figure

from phasemix.experiments.popqa.tables import Tables
from phasemix.plots import popularity


def draw(tables: Tables) -> Figure:
    """Models of known size by family, the law with its interval for another model, and inferred sizes as crosses."""
    return popularity.draw(tables.found, tables.confidence)
