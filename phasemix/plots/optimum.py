"""The best mixture beside the prior, with its interval and its flat set, and what it gains."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from phasemix.base.number_text import estimate_text, number_text
from phasemix.report.figure_style import MUTED, WIDTH, legend_above

BEST, FLAT = "#1b7f79", "#bfe0dc"
ROW = 0.32  # inches of a domain


def draw(optimum: Mapping[str, Any]) -> Figure:
    """A row per domain, the greatest proportion first.

    Args:
        optimum: what ``phasemix mix optimise --out`` writes (:meth:`phasemix.fitting.optimum.Optimum.record`).
    """
    table = pd.DataFrame(optimum["mixture"]).sort_values("proportion", ascending=False, kind="stable")
    figure, axes = plt.subplots(figsize=(WIDTH, 1.7 + ROW * len(table)))
    rows = range(len(table))
    axes.barh(rows, table["flat_high"] - table["flat_low"], left=table["flat_low"], height=0.62, color=FLAT, zorder=1)
    intervals = table["low"].notna().any()
    if intervals:
        axes.hlines(rows, table["low"], table["high"], color=BEST, linewidth=2, zorder=2)
    axes.plot(table["proportion"], rows, "o", color=BEST, markersize=6.5, zorder=4)
    axes.plot(table["prior"], rows, "D", color=MUTED, markersize=4.5, fillstyle="none", zorder=3)
    axes.set_yticks(rows, table["domain"])
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(left=-0.01)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("proportion")
    figure.supxlabel(gain_text(optimum), fontsize=9.5)
    handles = [
        Line2D([], [], color=BEST, marker="o", linestyle="none", markersize=6.5),
        Line2D([], [], color=MUTED, marker="D", linestyle="none", markersize=4.5, fillstyle="none"),
        Patch(color=FLAT),
    ]
    labels = ["best", "prior", "flat set"]
    if intervals:
        handles.insert(1, Line2D([], [], color=BEST, linewidth=2))
        labels.insert(1, f"{100 * optimum['confidence']:.0f} % interval")
    legend_above(figure, f"by the law {optimum['law']}", handles, labels)
    return figure


def gain_text(optimum: Mapping[str, Any]) -> str:
    """What the mixture gains over the prior, and how sure that is."""
    gain = optimum["gain"]
    if gain["sure"] is None:
        return f"loss beside the prior: {number_text(-gain['value'], '+.3g')}"
    told = estimate_text(-gain["value"], -gain["high"], -gain["low"], form="+.3g")
    return f"loss beside the prior: {told}; {100 * gain['sure']:.0f} % of refits agree"
