"""B-Fig 1: losses over training steps at fixed proportions."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.experiments.bimix.figures._mixtures import label, styles
from phasemix.experiments.bimix.tables import Tables
from phasemix.laws import load_law
from phasemix.plots.grid import log_log, panel_grid
from phasemix.report.figure_style import legend_above


def draw(tables: Tables) -> Figure:
    """A panel per domain, a line per mixture: points of the first seed, and B/s^β + C fitted to each of its runs."""
    study = tables.study
    seed = int(study.seed.min())
    law = load_law("step-law").fit(study.runs)
    looks = styles(tables.mixtures)
    fitted = law.predict(study.runs)
    figure, grid = panel_grid(len(law.targets))
    for i, (axes, domain) in enumerate(zip(grid, law.targets, strict=True)):
        for mixture, look in looks.items():
            rows = np.flatnonzero(study.of([mixture], seed))
            rows = rows[np.argsort(study.step[rows])]
            axes.plot(study.step[rows], study.runs.loss[rows, i], linestyle="", markersize=3, alpha=0.8, **look)
            axes.plot(study.step[rows], fitted[rows, i], color=look["color"], linewidth=1.1)
        axes.set_title(domain)
        log_log(axes)
    figure.supxlabel("training tokens", fontsize=10)
    figure.supylabel("loss (nats per token)", fontsize=10)
    handles = [Line2D([], [], markersize=5, linewidth=1.1, **look) for look in looks.values()]
    legend_above(figure, "mixture: points measured, lines B/s$^β$ + C", handles, list(map(label, looks)))
    return figure
