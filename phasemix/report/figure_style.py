"""One look for all figures: readable in print, on screens and on phones, the same bytes on every run.

Figures are narrow and their text is large, because a page shrinks them with itself; legends stand above.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator, PercentFormatter

from phasemix.base.files import atomic
from phasemix.base.spelling import parameters_text

INK, MUTED, GRID = "#1f2328", "#5b6472", "#e3e6ea"
PUBLISHED = "#96621a"  # the paper's own points, in every figure
SIZES_MAP = "mako_r"  # small to large models: light to dark
RATIOS_MAP = "rocket_r"  # small to large ratios: light to dark
MARKERS = "osD^vP*Xh"
WIDTH, HEIGHT = 5.4, 3.7  # inches, of a figure with one panel
PANELS_PER_ROW = 2


def set_theme() -> None:
    """Set the look; call it once before drawing."""
    sns.set_theme(
        context="paper",
        style="ticks",
        rc={
            "axes.edgecolor": MUTED,
            "axes.grid": True,
            "axes.labelcolor": INK,
            "axes.labelsize": 10,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 10,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "figure.constrained_layout.use": True,
            "figure.figsize": (WIDTH, HEIGHT),
            "font.family": "DejaVu Sans",
            "font.size": 10,
            "grid.color": GRID,
            "grid.linewidth": 0.7,
            "legend.fontsize": 9.5,
            "legend.frameon": False,
            "legend.title_fontsize": 9.5,
            "lines.linewidth": 1.8,
            "lines.markersize": 5.5,
            "savefig.dpi": 200,
            "svg.hashsalt": "phasemix",
            "text.color": INK,
            "xtick.color": MUTED,
            "xtick.labelcolor": INK,
            "xtick.labelsize": 9.5,
            "ytick.color": MUTED,
            "ytick.labelcolor": INK,
            "ytick.labelsize": 9.5,
        },
    )


def shades(name: str, count: int) -> list[tuple[float, float, float]]:
    """``count`` colours of a map, none too light to be seen on white."""
    colours = mpl.colormaps[name](np.linspace(0.22, 0.95, count))
    return [(float(r), float(g), float(b)) for r, g, b, _ in colours]


def markers(count: int) -> list[str]:
    """``count`` markers, repeated where there are more lines than markers."""
    return [MARKERS[i % len(MARKERS)] for i in range(count)]


def panels(count: int) -> tuple[Figure, list[Axes]]:
    """A figure of ``count`` panels with common axes, two in a row; one panel has the size of any figure."""
    columns = min(PANELS_PER_ROW, count)
    rows = math.ceil(count / columns)
    size = (WIDTH, HEIGHT if count == 1 else 0.9 + 1.95 * rows)
    figure, grid = plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    axes = list(grid.flat)
    for unused in axes[count:]:
        unused.set_visible(False)
    for lowest in axes[max(0, count - columns) : count]:  # the panel below may be an unused one
        lowest.tick_params(labelbottom=True)
    return figure, axes[:count]


def legend_above(figure: Figure, title: str, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """A legend above the panels, in rows of at most seven entries, read from left to right."""
    columns = math.ceil(len(labels) / math.ceil(len(labels) / 7))
    figure.legend(
        handles,
        labels,
        title=title,
        loc="outside upper center",
        ncols=columns,
        handlelength=1.5,
        handletextpad=0.4,
        columnspacing=1.2,
    )


def percent_axis(axes: Axes) -> None:
    """Accuracy from 0 to 100 per cent on the y axis."""
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("recall accuracy")


def bits_axis(axes: Axes, least: float) -> None:
    """Have a y axis of shares reach down to the least known one, if it is below 0, with a line at 0."""
    axes.set_ylim(min(least, 0) - 0.05, 1.03)
    axes.axhline(0, color=MUTED, linewidth=0.9, zorder=1)


def floor_line(axes: Axes, floor: float) -> None:
    """The accuracy of guessing, as a dotted line; nothing if it is NaN."""
    if not math.isnan(floor):
        axes.axhline(floor, color=MUTED, linewidth=1.1, linestyle=(0, (1, 1.6)), label="_floor", zorder=1)


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


def horizon_axis(axes: Axes, tokens: list[int], ticks: int) -> None:
    """Horizons on a logarithmic x axis, about so many of them named: the longest, and others far enough apart."""
    apart = (max(tokens) / min(tokens)) ** (1 / ticks) * 0.999
    named: list[float] = []
    for count in sorted(tokens, reverse=True):
        if not named or named[-1] / count >= apart:
            named.append(count)
    log_axis(axes, named, [parameters_text(count) for count in named])


def counts_axis(axes: Axes, digits: tuple[int, ...] = (1, 3)) -> None:
    """Counts, such as exposures, on a logarithmic x axis, named at 1, 3, 10, 30 and so on, or at other digits."""
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=digits))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: parameters_text(count)))
    axes.xaxis.set_minor_locator(NullLocator())


def ratio_text(ratio: float) -> str:
    """A ratio as the papers write it: ``.05``."""
    return f"{ratio:g}".removeprefix("0") or "0"


def save_pictures(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Save as SVG and PNG, and say which files these are."""
    files = [folder / f"{name}.{ending}" for ending in ("svg", "png")]
    for file in files:
        save(figure, file)
    return files


def save(figure: Figure, path: Path) -> None:
    """Save as the format of the ending, atomically and without a date."""
    with atomic(path) as temporary:
        kind = path.suffix.removeprefix(".")
        figure.savefig(temporary, format=kind, metadata={"Date": None} if kind == "svg" else None)
