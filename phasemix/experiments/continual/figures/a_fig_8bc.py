"""A-Fig 8b, 8c: continual training with fewer people or compact tuples."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from phasemix.experiments.continual.tables import Tables
from phasemix.report.figure_style import INK, MUTED, WIDTH, ratio_text

COLOURS = {"plain": "#96621a", "subsampling": "#25798c", "compact": "#7b3f8c"}
ROW = 0.3  # inches
FRAME = 1.1  # inches above and below the rows


def draw(tables: Tables) -> Figure:
    """A row per mixture: recall accuracy over all people, and the rise of the web loss."""
    means = tables.means.sort_values(
        ["parameters", "ratio", "compact", "subsampling"], ascending=[True, True, True, False]
    )
    height = FRAME + ROW * len(means)
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, height), sharey=True)
    places = list(range(len(means)))
    for place, row in zip(places, means.to_dict("records"), strict=True):
        colour = COLOURS[_strategy(row)]
        for axes, column in ((left, "accuracy"), (right, "rise")):
            low, high = (
                row[column] if pd.isna(row[f"{column}_{end}"]) else row[f"{column}_{end}"] for end in ("low", "high")
            )
            axes.plot([low, high], [place, place], color=colour, linewidth=1.4)
            axes.plot(row[column], place, "o" if row["stopped"] == 0 else "s", color=colour, markersize=5)
    left.axvline(float(means["floor"].max()), color=MUTED, linewidth=1, linestyle=":")
    left.set_xlim(left=0)
    left.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    left.set_xlabel("recall, all people")
    left.set_yticks(places, [_name(row) for row in means.to_dict("records")])
    left.invert_yaxis()
    right.axvline(0, color=INK, linewidth=0.8)
    right.axvline(tables.rise, color=MUTED, linewidth=1, linestyle="--")
    right.set_xlabel("rise of the web loss (nats)")
    return figure


def _strategy(row: Mapping[Any, Any]) -> str:
    return "compact" if row["compact"] > 0 else "subsampling" if row["subsampling"] < 1 else "plain"


def _name(row: Mapping[Any, Any]) -> str:
    strategy = {
        "plain": "",
        "subsampling": f", ρ = {ratio_text(row['subsampling'])}",
        "compact": f", τ = {ratio_text(row['compact'])}",
    }
    return f"{row['size']}, r = {ratio_text(row['ratio'])}{strategy[_strategy(row)]}"
