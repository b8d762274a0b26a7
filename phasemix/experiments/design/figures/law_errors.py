"""Errors of all laws on held-out mixtures, steps and sizes."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.design.figures._axes import error_axis
from phasemix.experiments.design.questions import OLD
from phasemix.experiments.design.tables import Tables
from phasemix.report.figure_style import INK, MUTED, WIDTH, legend_above

QUESTIONS = {"mixtures": (None, "mixtures"), "steps": (None, "last steps"), "size": (OLD, "the largest size")}
LOOKS = {"mixtures": ("o", "#25798c"), "steps": ("s", "#96621a"), "size": ("D", INK)}


def draw(tables: Tables) -> Figure:
    """A row per law, a point per question, the mean over domains; laws in the order of their errors on mixtures."""
    errors = {name: 100 * tables.errors(name, setting) for name, (setting, _) in QUESTIONS.items()}
    laws = list(errors["mixtures"].sort_values(ascending=False).index)
    others = dict.fromkeys(law for found in errors.values() for law in found.index if law not in laws)
    laws = [*others, *laws]
    figure, axes = plt.subplots(figsize=(WIDTH, 1.2 + 0.27 * len(laws)))
    for name, (_, words) in QUESTIONS.items():
        marker, colour = LOOKS[name]
        there = [law for law in laws if law in errors[name]]
        places = [laws.index(law) for law in there]
        axes.plot(errors[name][there], places, marker, color=colour, label=words, markersize=5, alpha=0.85)
    axes.set_yticks(range(len(laws)), laws)
    axes.set_xscale("log")
    error_axis(axes.xaxis)
    axes.axvline(1, color=MUTED, linewidth=1, zorder=1)
    axes.set_xlabel("mean relative error")
    legend_above(figure, "held out", *axes.get_legend_handles_labels())
    return figure
