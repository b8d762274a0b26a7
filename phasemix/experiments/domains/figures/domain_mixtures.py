"""The mixtures that follow from the domains."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from phasemix.experiments.domains.mixtures import LABELS
from phasemix.experiments.domains.tables import Tables
from phasemix.plots.palette import domain_colours
from phasemix.report.figure_style import WIDTH, legend_above


def draw(tables: Tables) -> Figure:
    """A bar per mixture, cut by domain."""
    mixtures = tables.by_mixture()
    colours = domain_colours(tuple(mixtures.index))
    figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.42 * mixtures.shape[1]))
    places, left = np.arange(mixtures.shape[1]), np.zeros(mixtures.shape[1])
    for domain, row in mixtures.iterrows():
        values = row.to_numpy(float)
        axes.barh(places, values, left=left, color=colours[str(domain)], label=str(domain), height=0.72)
        for place, start, value in zip(places, left, values, strict=True):
            if value >= 0.06:
                axes.text(
                    start + value / 2, float(place), f"{value:.2f}", ha="center", va="center", color="white", fontsize=8
                )
        left += values
    axes.set_yticks(places, [LABELS[name] for name in mixtures.columns])
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), xlabel="proportion")
    axes.grid(visible=False)
    legend_above(figure, "", *axes.get_legend_handles_labels())
    return figure
