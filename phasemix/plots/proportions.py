"""Every domain's loss over its own proportion, with the law's interval and the runs."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from phasemix.fitting.law import CONFIDENCE, Fit
from phasemix.fitting.objective import Objective
from phasemix.fitting.objective_options import choose
from phasemix.fitting.runs import Runs
from phasemix.plots.grid import panel_grid
from phasemix.plots.palette import domain_colours
from phasemix.report.figure_style import MUTED, legend_above

POINTS = 80
LEAST = 1e-4  # of a domain that some runs lack


def draw(fit: Fit, step: float | None = None, size: float | None = None) -> Figure | None:
    """A panel per domain: its proportion varies, the others share the rest as they do in the runs' mean mixture.

    Points are the runs at this step and size, moved to the curve's mixture by what the law says of the two: their
    distance from the curve is the law's residual. None for laws that know no mixtures but those of their runs.
    """
    shown = [name for name in fit.targets if name in fit.runs.domains]
    if not shown or not fit.of_any_mixture:
        return None
    objective, _ = choose(fit, step=step, size=size)
    runs = _here(fit.runs, objective)
    figure, grid = panel_grid(len(shown))
    colours = domain_colours(fit.targets)
    for axes, name in zip(grid, shown, strict=True):
        _curve(axes, objective, runs, name, colours[name])
        axes.set_title(name)
    figure.supxlabel("proportion of the domain", fontsize=10)
    figure.supylabel("loss", fontsize=10)
    handles = [
        Line2D([], [], color=MUTED),
        Patch(color=MUTED, alpha=0.18, linewidth=0),
        Line2D([], [], color=MUTED, marker=".", linestyle="none"),
    ]
    labels = ["law", f"{100 * CONFIDENCE:.0f} % interval", "runs, moved to the curve's mixture by the law"]
    legend_above(figure, f"{fit.law.name}{_place(objective)}", handles, labels)
    return figure


def _place(objective: Objective) -> str:
    """At which step and size."""
    named = {"step": objective.step, "size": objective.size}
    return "".join(f", {name} {value:g}" for name, value in named.items() if value is not None)


def _curve(axes: Axes, objective: Objective, runs: Runs, name: str, colour: tuple[float, float, float]) -> None:
    fit = objective.fit
    target, own = fit.targets.index(name), fit.runs.domains.index(name)
    seen = fit.runs.mixture[:, own]
    least, most = max(float(seen.min()), LEAST), float(seen.max())
    proportion = np.square(np.linspace(np.sqrt(least), np.sqrt(most), POINTS))  # closer where curves are steep
    at = objective.at(_with_own(objective.prior, own, proportion))
    low, high = (end[:, target] for end in fit.interval(at))
    axes.plot(proportion, fit.predict(at)[:, target], color=colour)
    if np.isfinite(low).all():
        axes.fill_between(proportion, low, high, color=colour, alpha=0.18, linewidth=0)
    if len(runs):
        moved = objective.at(_with_own(objective.prior, own, runs.mixture[:, own]))
        shift = fit.predict(moved)[:, target] - fit.predict(runs)[:, target]
        axes.plot(runs.mixture[:, own], runs.loss[:, target] + shift, ".", color=colour, markersize=4, alpha=0.6)


def _with_own(mixture: np.ndarray, own: int, proportion: np.ndarray) -> np.ndarray:
    """Mixtures (n, m) with such proportions (n,) of a domain, the others as in a mixture (m,)."""
    rest = np.delete(np.arange(len(mixture)), own)
    others = mixture[rest] / max(mixture[rest].sum(), 1e-12)
    found = np.empty((len(proportion), len(mixture)))
    found[:, own] = proportion
    found[:, rest] = (1 - proportion)[:, None] * others
    return found


def _here(runs: Runs, objective: Objective) -> Runs:
    """The runs at the objective's step and size."""
    rows = np.ones(len(runs), bool)
    for values, wanted in ((runs.step, objective.step), (runs.size, objective.size)):
        if values is not None and wanted is not None:
            rows &= np.isclose(values, wanted)
    return runs.rows(rows)
