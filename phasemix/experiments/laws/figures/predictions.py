"""What the fitted law says of its own runs."""

from pathlib import Path

from matplotlib.figure import Figure

from phasemix.fitting.law_file import read_law
from phasemix.plots import predictions


def draw(folder: Path) -> Figure:
    """Measured against predicted losses, and residuals by domain."""
    fit = read_law(folder / "law.json")
    return predictions.draw(fit, fit.runs, fitted=True)
