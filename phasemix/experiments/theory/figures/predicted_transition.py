"""The predicted transition over the measured one."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phasemix.experiments.theory.tables import Tables
from phasemix.report.figure_style import (
    INK,
    SIZES_MAP,
    bits_axis,
    legend_above,
    markers,
    panels,
    percent_axis,
    ratio_axis,
    shades,
)


def draw(tables: Tables) -> Figure:
    """A panel per number of people; per size a curve, the predicted known share, and the measured points."""
    figure, grid = panels(len(tables.counts))
    count = len(tables.names)
    calibration = tables.theory["calibration"]
    styles = dict(zip(tables.names, zip(shades(SIZES_MAP, count), markers(count), strict=True), strict=True))
    for axes, people in zip(grid, tables.counts, strict=True):
        for size, (colour, marker) in styles.items():
            curve = tables.learner[(tables.learner["people"] == people) & (tables.learner["size"] == size)]
            cells = tables.known[(tables.known["people"] == people) & (tables.known["size"] == size)]
            axes.plot(curve["ratio"], curve["known"], color=colour, linewidth=1.5)
            axes.vlines(cells["ratio"], cells["low"], cells["high"], color=colour, linewidth=1.1)
            axes.plot(cells["ratio"], cells["known"], color=colour, marker=marker, linestyle="none", markersize=4.5)
        if people == calibration["people"]:
            axes.plot(
                calibration["ratio"][0], 0.5, marker="o", markersize=12, color=INK, fillstyle="none", clip_on=False
            )
        axes.set_title(f"{people:,} people")
        percent_axis(axes)
        bits_axis(axes, tables.known["known"].min())
        axes.set_ylabel("")
        ratios = sorted(tables.known["ratio"].unique())
        ratio_axis(axes, _apart(ratios, 7 if len(grid) == 1 else 5))
        axes.set_xlabel("")
    figure.supylabel("bits known, of all", fontsize=10)
    figure.supxlabel("mixing ratio r", fontsize=10)
    handles = [Line2D([], [], color=colour, marker=marker, markersize=4.5) for colour, marker in styles.values()]
    circle = Line2D([], [], color=INK, marker="o", markersize=9, fillstyle="none", linestyle="none")
    legend_above(figure, "model size", [*handles, circle], [*styles, "calibration"])
    return figure


def _apart(ratios: list[float], ticks: int) -> list[float]:
    """Of rising ratios, the largest, and smaller ones far enough apart to be named."""
    least = (ratios[-1] / ratios[0]) ** (1 / ticks)
    named = [ratios[-1]]
    for ratio in reversed(ratios):
        if named[-1] / ratio >= least * 0.999 and ratio < named[-1]:
            named.append(ratio)
    return named[::-1]
