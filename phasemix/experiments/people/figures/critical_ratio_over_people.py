"""Critical ratio against the number of people."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from phasemix.experiments.people.tables import Tables
from phasemix.report.figure_style import (
    MUTED,
    SIZES_MAP,
    horizon_axis,
    legend_above,
    markers,
    ratio_text,
    shades,
)

TICKS = [digit * 10.0**power for power in range(-4, 3) for digit in (1, 2, 5)]


def draw(tables: Tables) -> Figure:
    """The odds r / (1 − r) at which half of all bits are known, a line per size, beside a line in proportion to N."""
    figure, axes = plt.subplots()
    half = tables.critical_ratios
    half = half[(half["share"] == "known") & (half["standing"] == "on")]
    count = len(tables.sizes)
    for size, colour, marker in zip(tables.sizes, shades(SIZES_MAP, count), markers(count), strict=True):
        line = half[half["size"] == size].sort_values("people")
        if line.empty:
            continue
        low, value, high = (_odds(line[name].to_numpy(float)) for name in ("low", "value", "high"))
        axes.plot(line["people"], value, marker=marker, color=colour, label=size)
        axes.vlines(line["people"], low, np.minimum(high, 100), color=colour, linewidth=1.2)
    axes.set_yscale("log")
    if len(half):
        middle = _odds(half["value"].to_numpy(float))
        people = np.array([min(tables.counts), max(tables.counts)], float)
        at = np.exp(np.log(middle).mean() - np.log(half["people"]).mean())
        axes.plot(people, at * people, color=MUTED, linewidth=1.1, linestyle=(0, (4, 2)), label="∝ N", zorder=1)
        axes.set_ylim(middle.min() / 2, middle.max() * 2)
    axes.yaxis.set_major_locator(FixedLocator(TICKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda odds, _: ratio_text(odds)))
    horizon_axis(axes, tables.counts, ticks=6)
    axes.set_xlabel("number of people N")
    axes.set_ylabel("critical odds r / (1 − r)")
    if len(half):
        legend_above(figure, "model size", *axes.get_legend_handles_labels())
    else:
        axes.text(0.5, 0.5, "no critical ratio on the grid", transform=axes.transAxes, ha="center", color=MUTED)
    return figure


def _odds(ratio: np.ndarray) -> np.ndarray:
    """The odds; those of points below and above the grid are beyond every axis."""
    ratio = np.clip(ratio, 1e-6, 1 - 1e-6)
    return ratio / (1 - ratio)
