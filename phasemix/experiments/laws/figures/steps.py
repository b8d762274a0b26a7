"""Losses over steps, measured and predicted."""

from pathlib import Path

from matplotlib.figure import Figure

from phasemix.fitting.law_file import read_law
from phasemix.plots import steps
from phasemix.plots.grid import nothing


def draw(folder: Path) -> Figure:
    """A panel per domain, a line per run; a line of words where runs have one step each."""
    return steps.draw(read_law(folder / "law.json")) or nothing("every run has one step")
