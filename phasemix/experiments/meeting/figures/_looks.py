"""How laws look in all figures, and panels over the ratio of facts."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from phasemix.experiments.meeting.tables import Tables
from phasemix.report.figure_style import MUTED, ratio_axis

LAWS: dict[str, dict[str, Any]] = {
    "bimix-power": {"color": "#96621a", "linestyle": "-"},
    "transfer": {"color": "#25798c", "linestyle": (0, (4, 1.5))},
    "cliff": {"color": "#7b3f8c", "linestyle": (0, (1, 1.2))},
}
NAMES = {"bimix-power": "BiMix at fixed steps", "transfer": "transfer", "cliff": "cliff"}


def handles(laws: Sequence[str]) -> list[Line2D]:
    """A line per law, for a legend."""
    return [Line2D([], [], linewidth=1.6, **LAWS[law]) for law in laws]


def mean_lines(part: pd.DataFrame, column: str) -> pd.Series:
    """Means over seeds by ratio."""
    return part.groupby("ratio")[column].mean().sort_index()


def mark_critical(axes: Axes, tables: Tables, size: str) -> None:
    """A line at the size's critical ratio, if it has one on its grid."""
    row = tables.critical[tables.critical["size"] == size].iloc[0]
    if pd.notna(row["critical"]):
        axes.axvline(row["critical"], color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)


def over_ratios(axes: Axes, tables: Tables) -> None:
    """The ratios of the grid on a logarithmic axis, every other one named, without a label."""
    ratios = sorted(tables.cells_with_facts["ratio"].unique())
    ratio_axis(axes, ratios[1::2] if len(ratios) > 4 else ratios)
    axes.set_xlabel("")
