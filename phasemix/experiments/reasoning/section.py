"""What the section of a study of reasoning says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import estimate_text
from phasemix.base.spelling import critical_ratio_text, interval_text, parameters_text
from phasemix.experiments.reasoning.tables import Tables
from phasemix.report.figure_style import ratio_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "settings": setting(tables),
        "critical": critical_rows(tables.critical),
        "shapes": shape_rows(tables.shapes),
        "cells": cell_rows(tables),
    }


def setting(tables: Tables) -> list[tuple[str, str]]:
    """Of every task: guessing, and how much of all problems was seen."""
    rows = []
    for task, part in tables.reasoning.groupby("task", sort=False):
        seen = f"{_share(part['share_seen'].min())} to {_share(part['share_seen'].max())} were seen"
        rows.append(
            (str(task), f"guessing {100 * part['floor'].max():.1f} %; of all problems that may be shown, {seen}")
        )
    return rows


def critical_rows(critical: pd.DataFrame) -> list[list[str]]:
    """Task, size or ratio, its critical point, interval, seeds; of lines with too few cells nothing."""
    rows = []
    for row in critical[critical["standing"] != "none"].to_dict("records"):
        spell = critical_ratio_text if row["kind"] == "ratio" else parameters_text
        where = row["size"] if row["kind"] == "ratio" else f"r = {ratio_text(row['ratio'])}"
        interval = interval_text(row["low"], row["high"], spell)
        rows.append([row["task"], str(where), spell(row["value"]), interval, str(row["seeds"])])
    return rows


def shape_rows(shapes: pd.DataFrame) -> list[list[str]]:
    """Task, line, slope of the sigmoid, exponent of the power law, advantage of a threshold in millinats."""
    return [
        [
            row["task"],
            f"{row['size']}, along r" if row["along"] == "ratio" else f"r = {ratio_text(row['ratio'])}, along size",
            f"{row['sigmoid_slope']:.1f}",
            f"{row['power_slope']:.1f}",
            estimate_text(*(1000 * row[name] for name in ("advantage", "low", "high")), form="+.0f"),
        ]
        for row in shapes.to_dict("records")
    ]


def cell_rows(tables: Tables) -> list[list[str]]:
    """Task, size, ratio, seeds, accuracy with its interval, loss on right answers, share of problems seen."""
    seen = tables.reasoning.groupby(["task", "size", "ratio"])["share_seen"].mean()
    return [
        [
            row["task"],
            row["size"],
            ratio_text(row["ratio"]),
            str(row["seeds"]),
            estimate_text(100 * row["accuracy"], 100 * row["low"], 100 * row["high"], form=".1f"),
            f"{row['answer_loss']:.3f}",
            _share(float(seen[row["task"], row["size"], row["ratio"]])),
        ]
        for row in tables.accuracy.to_dict("records")
    ]


def _share(share: float) -> str:
    return f"{100 * share:.2g} %"
