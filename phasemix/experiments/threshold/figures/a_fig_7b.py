"""A-Fig 7b: the loss on web text against model size."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from phasemix.analysis.power_law_fits import SizeLaw
from phasemix.base.number_text import number_text
from phasemix.experiments.threshold.figures._axes import size_axis
from phasemix.experiments.threshold.fits import MILLION
from phasemix.experiments.threshold.tables import Tables
from phasemix.report.figure_style import HEIGHT, INK, WIDTH, legend_above

FITTED = "#25798c"
RUNS: dict[str, Any] = {"color": INK, "markersize": 4.5, "alpha": 0.75}


def draw(tables: Tables) -> Figure:
    """The loss of all runs without facts over size with its law, and below that how far runs lie off the law."""
    web, law = tables.web, tables.fits["all"]["web"]
    rows = 1 if law is None else 2
    size = (WIDTH, HEIGHT if law is None else 1.25 * HEIGHT)
    figure, grid = plt.subplots(rows, 1, figsize=size, sharex=True, squeeze=False, height_ratios=[2.3, 1][:rows])
    above, lowest = grid[0, 0], grid[-1, 0]
    lowest.set_xscale("log")
    above.plot(web["parameters"], web["loss"], "o", label="a run", **RUNS)
    above.set_ylabel("web loss (nats per token)")
    if law is not None:
        _law(above, lowest, web, law)
    size_axis(lowest, web if len(web) else tables.thresholds)
    legend_above(figure, "", *above.get_legend_handles_labels())
    return figure


def _law(above: Axes, below: Axes, web: pd.DataFrame, law: Mapping[str, Any]) -> None:
    """The law as a line, and the distances of runs from it in per cent."""
    fitted = SizeLaw(*(law[name]["value"] for name in ("irreducible", "factor", "exponent")))
    count = np.geomspace(web["parameters"].min(), web["parameters"].max(), 100)
    words = f"{fitted.irreducible:.2f} + {fitted.factor:.3g} · M$^{{−{fitted.exponent:.2f}}}$, M in millions"
    above.plot(count, fitted.loss(count / MILLION), color=FITTED, label=words)
    off = 100 * (web["loss"] / fitted.loss(web["parameters"].to_numpy(float) / MILLION) - 1)
    below.plot(web["parameters"], off, "o", **RUNS)
    below.axhline(0, color=FITTED)
    most = 1.25 * max(off.abs().max(), 0.05)
    below.set_ylim(-most, most)
    below.yaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    below.yaxis.set_major_formatter(FuncFormatter(_per_cent))
    below.set_ylabel("off the law")


def _per_cent(value: float, _: object) -> str:
    return f"{number_text(value, '+.3g')} %" if value else "0 %"
