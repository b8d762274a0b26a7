"""What the section of an ablation says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import row_text
from phasemix.experiments.ablation.findings import frequency_effects
from phasemix.experiments.ablation.spec import TITLES
from phasemix.experiments.ablation.tables import Tables
from phasemix.report.figure_style import ratio_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    effects = frequency_effects(tables, options["confidence"])
    return {
        "size": tables.ablation["size"].iloc[0],
        "usual": [(TITLES[axis], str(value)) for axis, value in tables.usual.items()],
        "frequency": frequency_rows(tables.frequency),
        "more": _effect_text(effects["more"], "+.1f"),
        "batch": _effect_text(effects["batch"], ".0f"),
        "means": mean_rows(tables.means),
    }


def frequency_rows(frequency: pd.DataFrame) -> list[list[str]]:
    """Seed, and mean distances of accuracies in points: same frequency per token, per step, and between ratios."""
    return [
        [str(row["seed"]), *(f"{100 * row[name]:.1f}" for name in ("per_token", "per_step", "per_ratio"))]
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
            row_text(row, "accuracy", ".1f"),
            "–" if pd.isna(row["base_loss"]) else f"{row['base_loss']:.3f}",
        ]
        for row in means.to_dict("records")
    ]


def _effect_text(effect: Mapping[str, Any], form: str) -> str | None:
    """An effect in points or per cent with its interval; None where it is not known."""
    row = {f"effect{end}": effect[name] for end, name in (("", "value"), ("_low", "low"), ("_high", "high"))}
    return None if effect["value"] is None else row_text(row, "effect", form)
