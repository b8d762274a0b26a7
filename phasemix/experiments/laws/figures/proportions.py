"""Every domain's loss over its own proportion."""

from pathlib import Path

from matplotlib.figure import Figure

from phasemix.base.files import read_json
from phasemix.fitting.law_file import read_law
from phasemix.plots import proportions
from phasemix.plots.grid import nothing


def draw(folder: Path) -> Figure:
    """A panel per domain; a line of words where the law has no such curve."""
    optimum = read_json(folder / "optimum.json")
    figure = proportions.draw(read_law(folder / "law.json"), optimum["step"], optimum["size"])
    return figure or nothing("no loss domain is mixed in")
