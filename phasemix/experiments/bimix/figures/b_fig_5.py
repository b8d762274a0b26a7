"""B-Fig 5: average log-perplexity of the mixtures."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from phasemix.experiments.bimix.figures._mixtures import label, styles
from phasemix.experiments.bimix.tables import Tables
from phasemix.report.figure_style import counts_axis, legend_above

FROM = 0.25  # of all steps: before that, curves fall too steeply to be told apart


def draw(tables: Tables) -> Figure:
    """Mean loss over domains over steps, a line per mixture: means over seeds, and a dot per seed at the end."""
    table = tables.perplexity[tables.perplexity["step"] >= FROM * tables.perplexity["step"].max()]
    figure, axes = plt.subplots()
    for mixture, look in styles(tables.mixtures).items():
        here = table[table["mixture"] == mixture]
        line = here.groupby("step")["loss"].mean()
        axes.plot(line.index, line, label=label(mixture), markersize=4, **look)
        last = here[here["step"] == here["step"].max()]
        axes.plot(last["step"] * 1.04, last["loss"], linestyle="", markersize=3, alpha=0.7, **look)
    counts_axis(axes, digits=(1, 2, 3, 4, 6, 8))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.set(xlabel="training tokens", ylabel="mean loss over domains (nats per token)")
    legend_above(figure, "mixture", *axes.get_legend_handles_labels())
    return figure
