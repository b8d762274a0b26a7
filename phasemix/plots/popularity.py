"""Model size against threshold popularity, with the law and what it infers."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from phasemix.base.spelling import parameters_text
from phasemix.plots.families import families, legend
from phasemix.plots.grid import nothing
from phasemix.popularity.inferred_sizes import Inferred
from phasemix.report.figure_style import HEIGHT, MUTED, WIDTH

INFERRED = "#7b3f8c"
FAR = 1e6  # times beyond all known sizes, where what is inferred ends in the picture
NAMES = 40  # models; more have no names beside their points, nor have several of one size


def draw(found: Inferred, confidence: float) -> Figure:
    """Models of known size as dots, the law with its interval for another model, and inferred sizes as crosses."""
    models, law = found.inferred, found.law
    if models.empty:
        return nothing("no model has a threshold popularity")
    ends = models["parameters"].min() / FAR, models["parameters"].max() * FAR
    inferred = ["size", "low", "high"]
    models = models.assign(**models[inferred].clip(*ends))
    figure, axes = plt.subplots(figsize=(WIDTH, HEIGHT))
    known = models[models["parameters"].notna()]
    others = models[models["parameters"].isna()]
    if law is not None:
        line = np.geomspace(models["threshold"].min() / 1.5, models["threshold"].max() * 1.5, 100)
        axes.plot(line, np.clip([law.size(at) for at in line], *ends), color=MUTED, linewidth=1.4, zorder=2)
        band = np.clip([law.interval(at, confidence) for at in line], *ends)
        axes.fill_between(line, band[:, 0], band[:, 1], color=MUTED, alpha=0.15, linewidth=0, zorder=1)
    for look, part in families(known):
        axes.plot(
            part["threshold"],
            part["parameters"],
            look.marker,
            color=look.color,
            markerfacecolor=look.fill,
            markersize=5,
            zorder=4,
            label=look.label or None,
        )
    axes.errorbar(
        others["threshold"],
        others["size"],
        yerr=[others["size"] - others["low"], others["high"] - others["size"]],
        fmt="x",
        color=INFERRED,
        markersize=6,
        capsize=2,
        zorder=5,
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    named = models[~models["parameters"].duplicated(keep=False) | models["parameters"].isna()]
    for row in named.to_dict("records") if len(named) <= NAMES else ():
        size = row["size"] if np.isnan(row["parameters"]) else row["parameters"]
        axes.annotate(
            row["model"], (row["threshold"], size), xytext=(5, 4), textcoords="offset points", fontsize=7.5, color=MUTED
        )
    for axis, spell in ((axes.xaxis, "{:g}".format), (axes.yaxis, parameters_text)):
        axis.set_major_locator(LogLocator(subs=(1, 3)))
        axis.set_major_formatter(FuncFormatter(lambda at, _, spell=spell: spell(at)))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("threshold popularity")
    axes.set_ylabel("parameters")
    legend(axes)
    return figure
