"""What the section of the meeting of the two papers says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import number_text
from phasemix.experiments.meeting.tables import NOTHING, Tables
from phasemix.report.figure_style import ratio_text

KINDS = {
    NOTHING: "nothing: fitted on all cells",
    "above": "a size's ratios above the cliff",
    "below": "a size's ratios below the cliff",
    "larger": "a larger size",
}
BIMIX = "bimix-power"


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    cells = tables.cells_with_facts
    return {
        "people": int(cells["people"].iloc[0]),
        "critical": critical_rows(tables.critical),
        "scores": score_rows(tables.scores),
        "worst": worst_rows(tables.said),
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


def worst_rows(said: pd.DataFrame) -> list[list[str]]:
    """Size, and where BiMix, fitted to all cells of it, lies furthest below and above the loss on facts."""
    mine = said[(said["held_out"] == NOTHING) & (said["law"] == BIMIX)]
    mine = mine.assign(off=100 * (mine["dense_loss_predicted"] / mine["dense_loss"] - 1))
    rows = []
    for (_, size), part in mine.groupby(["parameters", "size"]):
        means = part.groupby("ratio")["off"].mean()
        by_ratio = dict(zip(means.index.to_numpy(float), means.to_numpy(float), strict=True))
        ends = (min(by_ratio, key=by_ratio.__getitem__), max(by_ratio, key=by_ratio.__getitem__))
        rows.append([str(size), *(f"{number_text(by_ratio[at], '+.1f')} % at r = {ratio_text(at)}" for at in ends)])
    return rows


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
