"""A-Fig 8a: random subsampling."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.experiments.strategies.figures._looks import EXPECTED, error_bars, lines, share_axis
from phasemix.experiments.strategies.tables import Tables
from phasemix.report.figure_style import HEIGHT, MUTED, WIDTH, floor_line, legend_above

ALL_SHOWN: dict[str, Any] = {"color": MUTED, "linewidth": 1, "linestyle": "-", "zorder": 1}


def draw(tables: Tables) -> Figure:
    """Above recall accuracy over all people, below the share of all bits that is known; a line per size and ratio."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 1.6 * HEIGHT), sharex=True)
    found = lines(tables, "subsampling")
    floor = float(tables.means["floor"].max())
    for axes, column, guessed in ((above, "accuracy", floor), (below, "known", 0.0)):
        for line in found:
            error_bars(axes, line.means, "subsampling", column, line.look)
            said = line.expected(tables, column)
            axes.plot(said["subsampling"], said[column], color=line.look["color"], **EXPECTED)
        top = (axes.get_ylim()[1] - guessed) / (1 - guessed)
        axes.plot([0, top], [guessed, guessed + (1 - guessed) * top], **ALL_SHOWN)
    floor_line(above, floor)
    share_axis(above, "recall, all people")
    share_axis(below, "bits known, of all")
    below.set_xlabel("subsampling ρ, the share of people shown")
    below.set_xlim(0, 1.03)
    legend = {str(line.look["label"]): Line2D([], [], linewidth=1.4, markersize=5, **line.look) for line in found}
    if any(len(line.expected(tables, column)) for line in found for column in ("accuracy", "known")):
        legend["expected"] = Line2D([], [], color=MUTED, **EXPECTED)
    legend["all shown are known"] = Line2D([], [], **ALL_SHOWN)
    legend_above(figure, "", list(legend.values()), list(legend))
    return figure
