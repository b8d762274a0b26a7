"""B-Fig 2: losses over domain proportions at fixed steps."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.base.spelling import parameters_text
from phasemix.experiments.bimix.tables import Tables
from phasemix.plots.grid import log_log, panel_grid
from phasemix.report.figure_style import RATIOS_MAP, legend_above, markers, shades

STEPS = 4


def draw(tables: Tables) -> Figure:
    """A panel per domain, a colour per step: a point per run, and the line ln L = a − α ln r through them."""
    study = tables.study
    every = np.unique(study.step)
    shown = every[np.unique(np.geomspace(2, len(every) - 1, STEPS).round().astype(int))]
    looks = list(zip(shades(RATIOS_MAP, len(shown)), markers(len(shown)), strict=True))
    figure, grid = panel_grid(len(study.runs.targets))
    for i, (axes, domain) in enumerate(zip(grid, study.runs.targets, strict=True)):
        for step, (colour, marker) in zip(shown, looks, strict=True):
            runs = study.runs.rows(study.step == step)
            proportion, loss = runs.mixture[:, runs.domains.index(domain)], runs.loss[:, i]
            axes.plot(proportion, loss, marker, color=colour, markersize=3.5, alpha=0.8)
            slope, intercept = np.polyfit(np.log(proportion), np.log(loss), 1)
            ends = np.array([proportion.min(), proportion.max()])
            axes.plot(ends, np.exp(intercept) * ends**slope, color=colour, linewidth=1.1)
        row = tables.lines.set_index("domain").loc[domain]
        axes.set_title(f"{domain}: R² {row['r_squared']:.2f}")
        log_log(axes)
    figure.supxlabel("the domain's proportion", fontsize=10)
    figure.supylabel("loss (nats per token)", fontsize=10)
    handles = [Line2D([], [], color=colour, marker=marker, linewidth=1.1) for colour, marker in looks]
    legend_above(figure, "training tokens", handles, [parameters_text(int(step)) for step in shown])
    return figure
