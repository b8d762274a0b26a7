"""A-Fig 8b: compact knowledge mixing."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.experiments.strategies.figures._looks import error_bars, lines, share_axis
from phasemix.experiments.strategies.tables import Tables
from phasemix.report.figure_style import HEIGHT, WIDTH, floor_line, legend_above


def draw(tables: Tables) -> Figure:
    """Above recall accuracy, below how often a person is shown; a line per size and ratio."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 1.6 * HEIGHT), sharex=True)
    for line in lines(tables, "compact"):
        error_bars(above, line.means, "compact", "accuracy", line.look)
        below.plot(line.means["compact"], line.means["frequency"], linewidth=1.4, markersize=5, **line.look)
    floor_line(above, float(tables.means["floor"].max()))
    share_axis(above, "recall accuracy")
    below.set_ylim(bottom=0)
    below.set_ylabel("frequency, times that at τ = 0")
    below.set_xlabel("CKM ratio τ, tokens of tuples over those of biographies")
    handles, labels = below.get_legend_handles_labels()
    legend_above(figure, "", handles, labels)
    return figure
