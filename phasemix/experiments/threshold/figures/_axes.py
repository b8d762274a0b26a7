"""Axes that the figures share: model sizes, and frequencies."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from phasemix.experiments.threshold.tables import PER
from phasemix.report.figure_style import log_axis

FREQUENCY = f"per {PER:,} biographies"
ROOM = 1.15  # factor left free at both ends of an axis


def size_axis(axes: Axes, runs: pd.DataFrame, apart: float = 0.09) -> None:
    """The sizes of runs on a logarithmic x axis; named are the largest and others so far ``apart``, of the axis."""
    sized = runs[["size", "parameters"]].drop_duplicates().sort_values("parameters", ascending=False)
    most, least = sized["parameters"].max(), sized["parameters"].min()
    factor = (most / least) ** apart
    named: dict[float, str] = {}
    for size, count in sized.itertuples(index=False):
        if not named or min(named) / count >= factor:
            named[count] = size
    log_axis(axes, list(named), list(named.values()))
    axes.set_xlim(least / ROOM, most * ROOM)
    axes.set_xlabel("model size (parameters)")


def frequency_axis(axis: Axis) -> None:
    """Frequencies in units of one in :data:`PER`, on a logarithmic axis, labelled with plain numbers."""
    low, high = np.log10(axis.get_view_interval())
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high - low < 2.5 else (1,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.3g}".removeprefix("0") or "0"))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
