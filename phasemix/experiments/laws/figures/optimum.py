"""The best mixture beside the prior."""

from pathlib import Path

from matplotlib.figure import Figure

from phasemix.base.files import read_json
from phasemix.plots import optimum


def draw(folder: Path) -> Figure:
    """A row per domain."""
    return optimum.draw(read_json(folder / "optimum.json"))
