"""One look for all figures: readable in print and on screen, the same bytes on every run."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator, PercentFormatter

from phasemix.base.files import atomic

INK, MUTED, GRID = "#22272e", "#6b7280", "#e5e7eb"
PUBLISHED = "#9a6b1f"  # the paper's own points, in every figure
SIZES_MAP = "mako_r"  # small to large models: light to dark
RATIOS_MAP = "rocket_r"  # small to large ratios: light to dark
MARKERS = "osD^vP*Xh"


@dataclass(frozen=True)
class Tables:
    """What figures are drawn from: tables of one study (see :mod:`phasemix.analysis.tables`)."""

    transition: pd.DataFrame
    accuracy: pd.DataFrame
    critical: pd.DataFrame
    curves: pd.DataFrame

    @property
    def sizes(self) -> list[str]:
        """The sizes, smallest first."""
        return self.transition.sort_values("parameters")["size"].unique().tolist()

    @property
    def ratios(self) -> list[float]:
        """The mixing ratios above 0, smallest first."""
        return sorted(self.accuracy["ratio"].unique().tolist())


def set_theme() -> None:
    """Set the look; call it once before drawing."""
    sns.set_theme(
        context="paper",
        style="ticks",
        rc={
            "axes.edgecolor": MUTED,
            "axes.grid": True,
            "axes.labelcolor": INK,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 10,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "figure.constrained_layout.use": True,
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "grid.color": GRID,
            "grid.linewidth": 0.7,
            "legend.frameon": False,
            "lines.linewidth": 1.7,
            "lines.markersize": 5,
            "savefig.dpi": 200,
            "svg.hashsalt": "phasemix",
            "text.color": INK,
            "xtick.color": MUTED,
            "xtick.labelcolor": INK,
            "ytick.color": MUTED,
            "ytick.labelcolor": INK,
        },
    )


def shades(name: str, count: int) -> list[tuple[float, float, float]]:
    """``count`` colours of a map, none too light to be seen on white."""
    colours = mpl.colormaps[name](np.linspace(0.22, 0.95, count))
    return [(float(r), float(g), float(b)) for r, g, b, _ in colours]


def percent_axis(axes: Axes) -> None:
    """Accuracy from 0 to 100 per cent on the y axis."""
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("recall accuracy")


def log_axis(axes: Axes, ticks: list[float], labels: list[str]) -> None:
    """A logarithmic x axis with exactly these ticks."""
    names = dict(zip(ticks, labels, strict=True))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: names.get(x, "")))


def ratio_axis(axes: Axes, ratios: list[float]) -> None:
    """Mixing ratios on a logarithmic x axis."""
    log_axis(axes, ratios, [ratio_text(ratio) for ratio in ratios])
    axes.set_xlabel("mixing ratio r")


def ratio_text(ratio: float) -> str:
    """A ratio as the papers write it: ``.05``."""
    return f"{ratio:g}".removeprefix("0") or "0"


def save(figure: Figure, path: Path) -> None:
    """Save as the format of the ending, atomically and without a date."""
    with atomic(path) as temporary:
        kind = path.suffix.removeprefix(".")
        figure.savefig(temporary, format=kind, metadata={"Date": None} if kind == "svg" else None)
