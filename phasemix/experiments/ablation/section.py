"""What the section of an ablation says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import estimate_text, number_text
from phasemix.experiments.ablation.figures.a_fig_11 import TITLES
from phasemix.experiments.ablation.findings import measure
from phasemix.experiments.ablation.tables import Tables
from phasemix.report.figure_style import ratio_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    more = measure(folder, options)["more"]
    return {
        "size": tables.ablation["size"].iloc[0],
        "usual": [(TITLES[axis], str(value)) for axis, value in tables.usual.items()],
        "frequency": frequency_rows(tables.frequency),
        "more": _points(more) if more["value"] is not None else None,
        "means": mean_rows(tables.means),
    }


def frequency_rows(frequency: pd.DataFrame) -> list[list[str]]:
    """Seed, and mean distances of accuracies in points: the same frequency per token, and per step."""
    return [
        [str(row["seed"]), *(f"{100 * row[name]:.1f}" for name in ("per_token", "per_step"))]
        for row in frequency.to_dict("records")
    ]


def mean_rows(means: pd.DataFrame) -> list[list[str]]:
    """What is varied, its value, ratio, seeds, runs that diverged, exposures, accuracy, loss on the base."""
    return [
        [
            TITLES.get(row["axis"], "the recipe"),
            row["value"] or "–",
            ratio_text(row["ratio"]),
            str(row["seeds"]),
            str(row["diverged"]),
            f"{row['exposures']:.0f}",
            _accuracy(row),
            "–" if pd.isna(row["base_loss"]) else f"{row['base_loss']:.3f}",
        ]
        for row in means.to_dict("records")
    ]


def _accuracy(row: Mapping[Any, Any]) -> str:
    value, low, high = (100 * row[f"accuracy{end}"] for end in ("", "_low", "_high"))
    if pd.isna(value):
        return "–"
    return number_text(value, ".1f") if pd.isna(low) else estimate_text(value, low, high, form=".1f")


def _points(more: Mapping[str, Any]) -> str:
    value, low, high = (more[name] for name in ("value", "low", "high"))
    if low is None:
        return number_text(100 * value, "+.1f")
    return estimate_text(100 * value, 100 * low, 100 * high, form="+.1f")
