"""A-Fig 3: the tokens to reach an accuracy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from phasemix.analysis.horizon_laws import Form, HorizonLaw
from phasemix.base.spelling import parameters_text
from phasemix.experiments.horizon.laws import BILLION
from phasemix.experiments.horizon.tables import Tables
from phasemix.report.figure_style import (
    PANELS_PER_ROW,
    SIZES_MAP,
    legend_above,
    markers,
    panels,
    ratio_text,
    shades,
)
from phasemix.report.rows import rows_of

LAWS: dict[Form, str] = {"exponential": "#25798c", "power": "#d1495b"}
NAMES = {"exponential": r"$A\,e^{B/r}$", "power": r"$C\,r^{-D}$"}
ARROW = 13  # points that an arrow is long
ARROWHEAD = "<|-,head_width=.2,head_length=.35"
ROOM = 1.7  # factor left free above and below all T
APART = 0.016  # of the axis of a single panel, between the bounds of two levels at one ratio
NAMED = 0.08  # of the same, between two named ratios at least


def draw(tables: Tables) -> Figure:
    """T of every level over 1/r, bounds as arrows, and both laws at the paper's level: a panel per size."""
    figure, grid = panels(len(tables.sizes))
    ratios = sorted(tables.t["ratio"].unique())
    edges = 1 / max(ratios), 1 / min(ratios)
    width = (edges[1] - edges[0]) or 1.0
    wider = min(len(grid), PANELS_PER_ROW)  # what is so many points wide is a larger part of a narrower axis
    for axes, size in zip(grid, tables.sizes, strict=True):
        axes.set_yscale("log")
        for form, colour in LAWS.items():
            law = tables.law(size, form)
            if law is not None:
                _law(axes, law, np.linspace(*edges, 200), tables, colour)
        _levels(axes, tables, size, APART * wider * width)
        axes.set_title(size)
    low, high = tables.t["tokens"].min() / ROOM, tables.t["tokens"].max() * ROOM
    grid[0].set_ylim(low, high)
    room = (0.03 + APART * wider) * width
    grid[0].set_xlim(edges[0] - room, edges[1] + room)
    _ratio_ticks(grid[0], ratios, NAMED * wider * width)
    _token_ticks(grid[0], high / low)
    figure.supxlabel("mixing ratio r (evenly in 1/r)", fontsize=10)
    figure.supylabel("tokens to reach the accuracy", fontsize=10)
    found: dict[Any, Artist] = {}
    for axes in grid:
        handles, labels = axes.get_legend_handles_labels()
        found |= dict(zip(labels, handles, strict=True))
    legend_above(figure, "", list(found.values()), list(found))
    return figure


def _law(axes: Axes, law: HorizonLaw, x: np.ndarray, tables: Tables, colour: str) -> None:
    """A law with the band in which one new measurement lies, dashed below the ratios that it is fitted to."""
    fitted = x <= 1 / tables.fitted_from
    low, high = law.interval(1 / x, tables.confidence)
    value = BILLION * law.tokens(1 / x)
    label = f"{NAMES[law.form]} at {100 * tables.level:g} %"
    axes.plot(x[fitted], value[fitted], color=colour, label=label, zorder=2)
    axes.plot(x[~fitted], value[~fitted], color=colour, linestyle=(0, (4, 2)), zorder=2)
    low, high = (np.clip(BILLION * end, 1e-3, 1e30) for end in (low, high))  # as wide as a picture can show
    axes.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0, zorder=1)


def _levels(axes: Axes, tables: Tables, size: str, apart: float) -> None:
    """T of every level, those of single seeds as small dots, and bounds as arrows side by side."""
    count = len(tables.levels)
    styles = zip(tables.levels, shades(SIZES_MAP, count), markers(count), strict=True)
    for place, (level, colour, marker) in enumerate(styles):
        t, of_seeds = (_at(table, size, level) for table in (tables.t, tables.seed_t))
        attained = t[t["standing"] == "attained"]
        label = f"{100 * level:g} %"
        axes.plot(
            1 / attained["ratio"], attained["tokens"], marker, color=colour, label=label, markersize=4.5, zorder=4
        )
        dots = of_seeds[of_seeds["standing"] == "attained"]
        axes.scatter(1 / dots["ratio"], dots["tokens"], s=6, color=colour, alpha=0.5, linewidth=0, zorder=3)
        for bound in rows_of(t[t["standing"] != "attained"]):
            x = 1 / bound.ratio + apart * (place - (count - 1) / 2)
            length = ARROW if bound.standing == "censored" else -ARROW
            arrow = {"arrowstyle": ARROWHEAD, "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
            end = (0, length)
            axes.annotate("", (x, bound.tokens), end, textcoords="offset points", arrowprops=arrow, zorder=4)
            axes.plot([x], [bound.tokens], marker, color=colour, markerfacecolor="white", markersize=3.5, zorder=5)


def _at(table: pd.DataFrame, size: str, level: float) -> pd.DataFrame:
    return table[(table["size"] == size) & (table["level"] == level)]


def _ratio_ticks(axes: Axes, ratios: Sequence[float], apart: float) -> None:
    """Ratios named at their 1/r: the smallest, and others far enough from it and from one another."""
    named: list[float] = []
    for ratio in ratios:
        if not named or 1 / named[-1] - 1 / ratio >= apart:
            named.append(ratio)
    names = {1 / ratio: ratio_text(ratio) for ratio in named}
    axes.xaxis.set_major_locator(FixedLocator(list(names)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: names.get(x, "")))


def _token_ticks(axes: Axes, span: float) -> None:
    """Round numbers of tokens, on a logarithmic axis that spans such a factor."""
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if span < 300 else (1,)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: parameters_text(count)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
