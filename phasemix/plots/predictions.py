"""Measured against predicted losses, and what the law leaves, by domain."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from phasemix.base.number_text import number_text
from phasemix.fitting.law import Fit
from phasemix.fitting.runs import Runs
from phasemix.plots.palette import domain_colours
from phasemix.report.figure_style import INK, MUTED, WIDTH

SPREAD = 0.28  # of the points of a domain, across its row
SHOWN = 99  # per cent of all residuals that the axis holds
ROW = 0.27  # inches of a domain


def draw(fit: Fit, runs: Runs, fitted: bool) -> Figure:
    """Left the losses, right the residuals in per cent with a bar from the 5th to the 95th percentile.

    Args:
        fit: the law.
        runs: measured runs.
        fitted: whether these are the runs that the law was fitted on.
    """
    predicted, loss = fit.predict(runs), runs.of_targets(fit.targets).loss
    count = len(fit.targets)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(1.45 * WIDTH, max(3.4, 1.2 + ROW * count)), width_ratios=(1, 1.1)
    )
    residual = 100 * (predicted / loss - 1)
    for row, (name, colour) in enumerate(domain_colours(fit.targets).items()):
        left.plot(loss[:, row], predicted[:, row], ".", color=colour, markersize=4, alpha=0.7, linewidth=0)
        there = residual[np.isfinite(residual[:, row]), row]
        across = row + SPREAD * (2 * _scattered(len(there)) - 1)
        right.plot(there, across, ".", color=colour, markersize=3.5, alpha=0.55, linewidth=0, label=name)
        if len(there):
            low, middle, high = np.percentile(there, [5, 50, 95])
            right.plot([low, high], [row, row], color=INK, linewidth=1.4, solid_capstyle="butt")
            right.plot(middle, row, "|", color=INK, markersize=9, markeredgewidth=1.4)
    ends = np.nanmin([loss, predicted]), np.nanmax([loss, predicted])
    left.plot(ends, ends, color=MUTED, linewidth=1, zorder=1)
    left.set(xlabel="measured loss", ylabel="predicted loss")
    left.set_title("fitted runs" if fitted else "runs that were not fitted")
    most = max(float(np.nanpercentile(np.abs(residual), SHOWN)), 1e-3)
    right.set(xlim=(-1.1 * most, 1.1 * most), ylim=(count - 0.4, -0.6), xlabel="predicted beyond measured")
    right.set_yticks(range(count), fit.targets)
    right.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    right.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{number_text(x, '+.3g')} %" if x else "0"))
    right.axvline(0, color=MUTED, linewidth=1, zorder=1)
    right.grid(axis="y", visible=False)
    right.set_title(f"mean error {np.nanmean(np.abs(residual)):.2g} %")
    return figure


def _scattered(count: int) -> np.ndarray:
    """Numbers from 0 to 1 that look random and are the same every time: multiples of the golden section."""
    return np.arange(count) * 0.6180339887498949 % 1
