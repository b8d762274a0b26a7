"""How models of several families are told apart in a figure: a colour and a marker each, hollow if held out."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from phasemix.report.figure_style import INK, MARKERS

PALETTE = "colorblind"


class Look(NamedTuple):
    """How the models of a family are drawn; ``fill`` is ``none`` where they are held out of the fit."""

    label: str
    marker: str
    color: str
    fill: str


def families(models: pd.DataFrame) -> Iterator[tuple[Look, pd.DataFrame]]:
    """The models of every family, those held out apart; without families all are drawn alike, and have no label."""
    names = list(dict.fromkeys(models["family"].fillna(""))) if "family" in models else [""]
    colors = [INK] if names == [""] else sns.color_palette(PALETTE, len(names)).as_hex()
    for i, name in enumerate(names):
        own = models[models["family"].fillna("") == name] if "family" in models else models
        held_out = own["held_out"] == 1 if "held_out" in own else pd.Series(data=False, index=own.index)
        for part, fill, note in ((own[~held_out], colors[i], ""), (own[held_out], "none", ", held out")):
            if len(part):
                yield Look(name and name + note, MARKERS[i % len(MARKERS)], colors[i], fill), part


def legend(axes: Axes) -> None:
    """Name the families above the axes, if there are any."""
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        axes.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=8)
