"""A-Fig 2: accuracy against mixing ratio, a line a size, with the paper's 70M points."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.analysis.published import A_TABLE_1
from phasemix.figures.style import MARKERS, PUBLISHED, SIZES_MAP, Tables, percent_axis, shades


def draw(tables: Tables) -> Figure:
    """The transition in ratio; bars are bootstrap intervals over people and seeds."""
    figure, axes = plt.subplots(figsize=(6.4, 3.9))
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, len(tables.sizes)), MARKERS * 9, strict=False):
        line = tables.accuracy[tables.accuracy["size"] == size].sort_values("ratio")
        axes.plot(line["ratio"], line["accuracy"], marker=marker, color=colour, label=size)
        axes.vlines(line["ratio"], line["low"], line["high"], color=colour, linewidth=1.0)
    axes.errorbar(
        A_TABLE_1["ratio"],
        A_TABLE_1["accuracy_percent"] / 100,
        yerr=A_TABLE_1["sd"].fillna(0) / 100,
        color=PUBLISHED,
        linestyle=(0, (4, 2)),
        marker="x",
        markersize=5,
        linewidth=1.3,
        label="paper A: 70M,\nSynBio-320k",
    )
    axes.set_xlim(left=0)
    axes.set_xlabel("mixing ratio r")
    percent_axis(axes)
    axes.legend(title="model size", loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
    return figure
