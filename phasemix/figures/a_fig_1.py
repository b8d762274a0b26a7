"""A-Fig 1: accuracy against model size, a line a mixing ratio."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.figures.style import MARKERS, RATIOS_MAP, Tables, log_axis, percent_axis, ratio_text, shades


def draw(tables: Tables) -> Figure:
    """The transition in size; bars are bootstrap intervals over people and seeds."""
    figure, axes = plt.subplots(figsize=(6.4, 3.9))
    for ratio, colour, marker in zip(tables.ratios, shades(RATIOS_MAP, len(tables.ratios)), MARKERS * 9, strict=False):
        line = tables.accuracy[tables.accuracy["ratio"] == ratio].sort_values("parameters")
        axes.plot(line["parameters"], line["accuracy"], marker=marker, color=colour, label=ratio_text(ratio))
        axes.vlines(line["parameters"], line["low"], line["high"], color=colour, linewidth=1.0)
    sized = tables.transition.drop_duplicates("size").sort_values("parameters")
    log_axis(axes, sized["parameters"].tolist(), sized["size"].tolist())
    axes.set_xlabel("model size (parameters)")
    percent_axis(axes)
    axes.legend(title="mixing ratio r", loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
    return figure
