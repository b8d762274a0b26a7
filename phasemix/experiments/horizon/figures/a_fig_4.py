"""A-Fig 4: far longer training at every ratio."""

from matplotlib.figure import Figure

from phasemix.experiments.horizon.tables import Tables
from phasemix.report.exposures_figure import known_over_exposures


def draw(tables: Tables) -> Figure:
    """What is known at every horizon against the exposures of a person: a panel per size and a line per ratio."""
    return known_over_exposures(tables.growth, tables.sizes, [ratio for ratio in tables.ratios if ratio > 0])
