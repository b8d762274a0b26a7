"""Every domain's loss over its own proportion."""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from phasemix.base.files import read_json
from phasemix.fitting.law_file import read_law
from phasemix.plots import proportions
from phasemix.report.figure_style import MUTED


def draw(folder: Path) -> Figure:
    """A panel per domain; a line of words where the law has no such curve."""
    optimum = read_json(folder / "optimum.json")
    figure = proportions.draw(read_law(folder / "law.json"), optimum["step"], optimum["size"])
    if figure is None:
        figure, axes = plt.subplots()
        axes.text(0.5, 0.5, "no loss domain is mixed in", transform=axes.transAxes, ha="center", color=MUTED)
        axes.set_axis_off()
    return figure
