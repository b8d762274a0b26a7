"""Lines of a study of strategies, and how they look in all figures."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from phasemix.experiments.strategies.tables import Tables
from phasemix.report.figure_style import MUTED, markers, ratio_text, shades

EXPECTED: dict[str, Any] = {"linewidth": 1.2, "linestyle": (0, (4, 1.6)), "zorder": 2}


@dataclass(frozen=True)
class Line:
    """The means along a strategy, at one size and ratio, and how they are drawn."""

    size: str
    ratio: float
    means: pd.DataFrame
    look: dict[str, Any]

    def expected(self, tables: Tables, column: str) -> pd.DataFrame:
        """What is expected along ρ; no rows where nothing says."""
        said = tables.predicted
        own = (said["size"] == self.size) & (said["ratio"] == self.ratio) & (said["compact"] == 0)
        return said[own & said[column].notna()].sort_values("subsampling")


def lines(tables: Tables, axis: str) -> list[Line]:
    """Every line along ρ (``subsampling``) or τ (``compact``)."""
    found = list(tables.along(axis))
    colours, marks = shades("mako_r", len(found) + 2)[1:-1], markers(len(found))
    return [
        Line(size, ratio, part, {"color": colour, "marker": mark, "label": f"{size}, r = {ratio_text(ratio)}"})
        for ((size, ratio), part), colour, mark in zip(found, colours, marks, strict=True)
    ]


def error_bars(axes: Axes, means: pd.DataFrame, axis: str, column: str, look: dict[str, Any]) -> None:
    """Means with their intervals; without, where there is one seed."""
    ends = interval_lengths(means, column)
    axes.errorbar(means[axis], means[column], yerr=ends, capsize=2, elinewidth=1, markersize=5, linewidth=1.4, **look)


def interval_lengths(means: pd.DataFrame, column: str) -> list[pd.Series]:
    """How far both ends of intervals lie away from the means; 0 where there is one seed."""
    value = means[column]
    return [(value - means[f"{column}_low"]).fillna(0), (means[f"{column}_high"] - value).fillna(0)]


def share_axis(axes: Axes, label: str) -> None:
    """Shares in per cent, from 0 on."""
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.axhline(0, color=MUTED, linewidth=0.6, zorder=1)
    axes.set_ylabel(label)
