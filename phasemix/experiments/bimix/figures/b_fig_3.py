"""B-Fig 3: losses of mixtures that the law has not seen."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.base.number_text import number_text
from phasemix.experiments.bimix.figures._mixtures import label, styles
from phasemix.experiments.bimix.prediction import BIMIX, TRANSFER
from phasemix.experiments.bimix.tables import Tables
from phasemix.plots.grid import log_log, panel_grid
from phasemix.report.figure_style import legend_above

LAWS: dict[str, Any] = {BIMIX: "-", TRANSFER: (0, (3, 1.5))}


def draw(tables: Tables) -> Figure:
    """A panel per domain: measured points of the predicted mixtures, and what laws fitted on the others say."""
    said = tables.predictions[tables.predictions["seed"] == tables.predictions["seed"].min()]
    looks = {name: look for name, look in styles(tables.mixtures).items() if name in tables.predicted}
    domains = tables.study.runs.targets
    figure, grid = panel_grid(len(domains))
    for axes, domain in zip(grid, domains, strict=True):
        for mixture, look in looks.items():
            here = said[(said["mixture"] == mixture) & (said["domain"] == domain)].sort_values("step")
            for law, line in LAWS.items():
                part = here[here["law"] == law]
                axes.plot(part["step"], part["predicted"], linestyle=line, color=look["color"], linewidth=1.2)
            axes.plot(part["step"], part["loss"], linestyle="", markersize=3, alpha=0.8, **look)
        scores = tables.scores[(tables.scores["law"] == BIMIX) & (tables.scores["domain"] == domain)]
        each = scores.groupby("mixture", sort=False)["r2_log"].mean()
        told = ", ".join(number_text(each[mixture], ".2f") for mixture in looks if mixture in each)
        axes.set_title(f"{domain}: R² {told}")
        log_log(axes)
    figure.supxlabel("training tokens", fontsize=10)
    figure.supylabel("loss (nats per token)", fontsize=10)
    handles = [Line2D([], [], linestyle="", **look) for look in looks.values()]
    handles += [Line2D([], [], color="black", linestyle=line, linewidth=1.2) for line in LAWS.values()]
    legend_above(figure, "measured; predicted by", handles, [*map(label, looks), *LAWS])
    return figure
