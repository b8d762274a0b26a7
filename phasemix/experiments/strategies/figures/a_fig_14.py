"""A-Fig 14: what strategies cost in web loss."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.strategies.figures._looks import interval_lengths, share_axis
from phasemix.experiments.strategies.tables import Tables
from phasemix.report.figure_style import HEIGHT, INK, WIDTH, legend_above

KINDS = {"no strategy": ("#96621a", "s"), "subsampling": ("#25798c", "o"), "tuples": ("#7b3f8c", "D")}


def draw(tables: Tables) -> Figure:
    """Recall accuracy over all people against the rise of the web loss, a point per mixture."""
    figure, axes = plt.subplots(figsize=(WIDTH, HEIGHT))
    means = tables.means[(tables.means["ratio"] > 0) & tables.means["web_rise"].notna()]
    plain = (means["subsampling"] == 1) & (means["compact"] == 0)
    kinds = plain.map({True: "no strategy"}).fillna((means["compact"] > 0).map({True: "tuples", False: "subsampling"}))
    handles = []
    for name, (colour, mark) in KINDS.items():
        part = means[kinds == name]
        rise, accuracy = (interval_lengths(part, column) for column in ("web_rise", "accuracy"))
        axes.errorbar(
            part["web_rise"], part["accuracy"], xerr=rise, yerr=accuracy, color=colour, linestyle="", elinewidth=0.8
        )
        handles += axes.plot(part["web_rise"], part["accuracy"], mark, color=colour, markersize=5.5)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    share_axis(axes, "recall, all people")
    axes.set_xlabel("rise of the web loss over web text alone (nats)")
    legend_above(figure, "", handles, list(KINDS))
    return figure
