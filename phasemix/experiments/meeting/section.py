"""What the section of the meeting of the two papers says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import number_text
from phasemix.experiments.meeting.findings import measure
from phasemix.experiments.meeting.tables import NOTHING, Tables
from phasemix.report.figure_style import ratio_text

KINDS = {
    NOTHING: "nothing: fitted on all cells",
    "above": "a size's ratios above the cliff",
    "below": "a size's ratios below the cliff",
    "larger": "a larger size",
}
KRIGING = "kriging"


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables, found = Tables.read(folder, options), measure(folder, options)
    cells = tables.cells_with_facts
    return {
        "people": int(cells["people"].iloc[0]),
        "critical": critical_rows(tables.critical),
        "scores": score_rows(tables.scores),
        "residuals": residual_rows(found["sizes"]),
        "nearest": nearest(tables.scores),
        "cells": cell_rows(cells),
    }


def critical_rows(critical: pd.DataFrame) -> list[list[str]]:
    """Size, its critical ratio, and the ratios of the grid around it."""
    return [
        [row["size"], ratio_text(round(row["critical"], 3)), f"{ratio_text(row['below'])}–{ratio_text(row['above'])}"]
        if pd.notna(row["critical"])
        else [row["size"], "not on the grid", "–"]
        for row in critical.to_dict("records")
    ]


def score_rows(scores: pd.DataFrame) -> list[list[str]]:
    """What was held out, law, cells, error of recall in points, and of losses in per cent; the best on facts first."""
    rows = []
    for kind, words in KINDS.items():
        part = scores[scores["held_out"] == kind].sort_values("dense_loss_error")
        rows += [
            [
                words,
                row["law"],
                str(row["cells"]),
                _percent(row["recall_error"]),
                _percent(row["dense_loss_error"]),
                _percent(row["base_loss_error"]),
            ]
            for row in part.to_dict("records")
        ]
    return rows


def residual_rows(sizes: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Size, and how far BiMix lies off the loss on facts around the critical ratio and where it is furthest."""
    rows = []
    for size, each in sizes.items():
        ends = (each["at"].get(name) for name in ("below", "above", "lowest", "highest"))
        texts = (
            f"{number_text(100 * end['off'], '+.1f')} % at r = {ratio_text(end['ratio'])}" if end else "–"
            for end in ends
        )
        rows.append([size, *texts])
    return rows


def nearest(scores: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Of laws fitted on all cells, name and distance from recall and from the loss on facts, the nearest first.

    Kriging is left out: it passes through what it is fitted on, whatever that is.
    """
    part = scores[(scores["held_out"] == NOTHING) & (scores["law"] != KRIGING)]
    return {
        name: [
            (str(law), _percent(error)) for law, error in part.set_index("law")[column].dropna().sort_values().items()
        ]
        for name, column in (("recall", "recall_error"), ("loss", "dense_loss_error"))
    }


def cell_rows(cells: pd.DataFrame) -> list[list[str]]:
    """Size, ratio, recall accuracy and losses, means over seeds."""
    means = cells.groupby(["parameters", "size", "ratio"])[["accuracy", "dense_loss", "base_loss"]].mean().reset_index()
    return [
        [
            row["size"],
            ratio_text(row["ratio"]),
            f"{100 * row['accuracy']:.1f}",
            f"{row['dense_loss']:.3f}",
            f"{row['base_loss']:.3f}",
        ]
        for row in means.to_dict("records")
    ]


def _percent(value: float) -> str:
    return "–" if pd.isna(value) else f"{100 * value:.1f}"
