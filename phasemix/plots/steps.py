"""Losses over steps, measured and predicted, of a few runs."""

import numpy as np
from matplotlib.figure import Figure

from phasemix.fitting.law import Fit
from phasemix.plots.grid import panel_grid
from phasemix.report.figure_style import RATIOS_MAP, counts_axis, legend_above, shades

RUNS = 5  # are shown, the first and others spread over the order of their last losses


def draw(fit: Fit) -> Figure | None:
    """A panel per domain, a line per run; None where the runs have one step each."""
    runs = fit.runs
    long = [rows for rows in runs.rows_by_run() if len(rows) > 1]
    if runs.step is None or not long:
        return None
    step, largest = runs.step, max(runs.scales[rows[0], 0] for rows in long)
    long = [rows[np.argsort(step[rows])] for rows in long if runs.scales[rows[0], 0] == largest]
    long.sort(key=lambda rows: float(runs.loss[rows[-1]].mean()))
    shown = [long[i] for i in np.unique(np.linspace(0, len(long) - 1, min(RUNS, len(long))).round().astype(int))]
    predicted = fit.predict(runs)
    figure, grid = panel_grid(len(fit.targets))
    colours = shades(RATIOS_MAP, len(shown))
    for target, (axes, name) in enumerate(zip(grid, fit.targets, strict=True)):
        for rows, colour in zip(shown, colours, strict=True):
            axes.plot(step[rows], runs.loss[rows, target], "o", color=colour, markersize=3, alpha=0.8)
            axes.plot(step[rows], predicted[rows, target], color=colour, linewidth=1.3)
        counts_axis(axes)
        axes.set_title(name)
    figure.supxlabel("steps or tokens", fontsize=10)
    figure.supylabel("loss", fontsize=10)
    names = [str(runs.run[rows[0]]) for rows in shown]
    legend_above(figure, "run: points measured, lines predicted", list(grid[0].lines[::2]), names)
    return figure
