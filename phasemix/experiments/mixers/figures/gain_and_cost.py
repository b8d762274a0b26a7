"""What mixers gain over the baseline, and what finding out costs."""

from matplotlib.figure import Figure

from phasemix.experiments.mixers.figures._looks import tall
from phasemix.experiments.mixers.spec import CHARGED, FREE
from phasemix.experiments.mixers.tables import Tables
from phasemix.report.figure_style import INK, MUTED

LOOKS = {FREE: ("o", "#33608c", "all tokens"), CHARGED: ("s", "#b3562d", "less what the search cost")}


def draw(tables: Tables) -> Figure:
    """The gain of every contestant with its interval, the best above, and beside it what its search costs."""
    free = tables.of_budget(FREE)
    names = free["contestant"].tolist()[::-1]
    places = {name: place for place, name in enumerate(names)}
    figure, (left, right) = tall(2, len(names))
    for budget, (mark, colour, label) in LOOKS.items():
        part = tables.of_budget(budget).dropna(subset="gain")
        y = [places[name] + (0.16 if budget == FREE else -0.16) for name in part["contestant"]]
        left.errorbar(
            part["gain"], y, xerr=[part["gain"] - part["gain_low"], part["gain_high"] - part["gain"]],
            fmt=mark, color=colour, markersize=4, elinewidth=1, label=label,
        )  # fmt: skip
    left.axvline(0, color=INK, linewidth=0.8)
    left.set_yticks(range(len(names)), names)
    left.set_xlabel("loss below the baseline’s (nats)")
    right.barh([places[name] for name in free["contestant"]], 100 * free["search"], height=0.6, color=MUTED)
    right.set_xlabel("search’s cost (%)")
    figure.legend(loc="outside upper center", ncols=2, handlelength=1.2)
    return figure
