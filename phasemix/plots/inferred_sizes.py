"""Sizes that were inferred, over the true ones."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from phasemix.base.spelling import parameters_text
from phasemix.plots.families import families, legend
from phasemix.plots.grid import nothing
from phasemix.popularity.inferred_sizes import Inferred
from phasemix.report.figure_style import HEIGHT, MUTED, WIDTH


def draw(found: Inferred) -> Figure:
    """The size of every model as inferred from all other sizes, over its true size; bars are intervals."""
    models = found.inferred.dropna(subset=["size", "parameters"])
    if models.empty:
        return nothing("no size is inferred from three others")
    figure, axes = plt.subplots(figsize=(WIDTH, HEIGHT))
    place = models.groupby("parameters").cumcount()
    count = models.groupby("parameters")["size"].transform("size")
    models = models.assign(
        at=models["parameters"] * 1.03 ** (place - (count - 1) / 2)
    )  # those of one size side by side
    for look, part in families(models):
        axes.errorbar(
            part["at"],
            part["size"],
            yerr=[part["size"] - part["low"], part["high"] - part["size"]],
            fmt=look.marker,
            color=look.color,
            markerfacecolor=look.fill,
            markersize=4.5,
            elinewidth=1,
            capsize=2,
            label=look.label or None,
        )
    range_ = np.array([models["parameters"].min() / 1.3, models["parameters"].max() * 1.3])
    axes.plot(range_, range_, color=MUTED, linewidth=1, zorder=1)
    for axis in (axes.xaxis, axes.yaxis):
        getattr(axes, f"set_{axis.axis_name}scale")("log")
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda size, _: parameters_text(size)))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("true parameters")
    axes.set_ylabel("inferred parameters")
    legend(axes)
    return figure
