"""What models answer to downstream tasks."""

import math
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from phasemix.experiments.downstream.tables import MEAN, Tables, axis_text
from phasemix.report.figure_style import INK, MUTED, PANELS_PER_ROW, WIDTH

ROW = 0.2  # inches, of a model
SIGNS: dict[Any, str] = {"ratio": "r", "subsampling": "ρ", "compact": "τ"}


def draw(tables: Tables) -> Figure:
    """A panel per task and one of their mean; a point per model, with its interval over seeds, or over questions."""
    means, axes = tables.means, tables.axes
    varied = [axis for axis in axes if len(means[axis].unique()) > 1] or axes[:1]
    names = means[varied].apply(_name, axis=1)
    models = list(dict.fromkeys(names))[::-1]
    tasks = [*tables.tasks, MEAN]
    rows = math.ceil(len(tasks) / PANELS_PER_ROW)
    figure, grid = plt.subplots(
        rows,
        PANELS_PER_ROW,
        figsize=(WIDTH, rows * (0.75 + ROW * len(models))),
        sharey=True,
        squeeze=False,
    )
    for panel, task in zip(grid.flat, tasks, strict=False):
        part = means[means["task"] == task]
        height = [models.index(name) for name in names[part.index]]
        panel.errorbar(
            part["accuracy"], height, xerr=_ends(part), fmt="o", color=INK, ecolor=MUTED, elinewidth=1, capsize=2
        )
        panel.set_title(task)
        panel.xaxis.set_major_locator(MaxNLocator(4))
        panel.xaxis.set_major_formatter(PercentFormatter(1.0))
        panel.set_yticks(range(len(models)), models)
        panel.set_ylim(-0.6, len(models) - 0.4)
    for unused in list(grid.flat)[len(tasks) :]:
        unused.set_visible(False)
    return figure


def _name(row: pd.Series) -> str:
    """The values of the axes in which models differ, without those that a model does not have."""
    found = row.dropna().items()
    return ", ".join(f"{SIGNS[axis]} = {axis_text(value)}" if axis in SIGNS else str(value) for axis, value in found)


def _ends(part: pd.DataFrame) -> list[pd.Series]:
    """How far the ends of intervals over seeds lie away, or with one seed a standard error over questions."""
    error = part["standard_error"].fillna(0)
    return [
        (part["accuracy"] - part["accuracy_low"]).fillna(error),
        (part["accuracy_high"] - part["accuracy"]).fillna(error),
    ]
