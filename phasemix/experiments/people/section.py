"""What the section of a study of the number of people says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.analysis.critical_points import FEWEST
from phasemix.base.number_text import estimate_text, row_text
from phasemix.base.spelling import OFF_GRID, critical_ratio_text, interval_text
from phasemix.experiments.people.tables import Tables
from phasemix.report.figure_style import ratio_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "setting": setting(tables),
        "fewest": FEWEST,
        "critical_people": people_rows(tables.critical_people),
        "accuracy_ratios": ratio_rows(tables.critical_ratios, "accuracy"),
        "known_ratios": ratio_rows(tables.critical_ratios, "known"),
        "shapes": shape_rows(tables.shapes),
        "shares": share_rows(tables.shares),
    }


def setting(tables: Tables) -> list[tuple[str, str]]:
    """Sizes, numbers of people, ratios, exposures, how full the models are, and what was left out."""
    table = tables.people
    sizes = table[["size", "parameters"]].drop_duplicates().sort_values("parameters")
    lost = table[table["diverged"]].to_dict("records")
    named = [f"{row['size']} with {row['people']} at r = {row['ratio']:g}, seed {row['seed']}" for row in lost]
    load = f"{100 * table['load'].min():.1f} to {100 * table['load'].max():.1f} %"
    return [
        ("sizes (parameters)", ", ".join(f"{row.size} ({row.parameters:,})" for row in sizes.itertuples(index=False))),
        ("numbers of people", ", ".join(f"{count:,}" for count in tables.counts)),
        ("mixing ratios", ", ".join(ratio_text(ratio) for ratio in tables.ratios)),
        ("exposures per person", f"{table['exposures'].min():.0f} to {table['exposures'].max():.0f}"),
        ("load", f"{load}: what all bits about the people are of what a model holds at 2 bits per parameter"),
        ("left out", "; ".join(named) or "no run: none diverged"),
    ]


def people_rows(critical: pd.DataFrame) -> list[list[str]]:
    """Size, ratio, critical number of people, interval, fewest seeds."""
    rows = critical.to_dict("records")
    return [
        [
            row["size"],
            ratio_text(row["ratio"]),
            _count(row["value"]),
            interval_text(row["low"], row["high"], _count),
            str(row["seeds"]),
        ]
        for row in rows
    ]


def ratio_rows(critical: pd.DataFrame, share: str) -> list[list[str]]:
    """Size, number of people, critical ratio, interval, seeds."""
    return [
        [
            row["size"],
            f"{row['people']:,}",
            critical_ratio_text(row["value"]),
            interval_text(row["low"], row["high"], critical_ratio_text),
            str(row["seeds"]),
        ]
        for row in critical[critical["share"] == share].to_dict("records")
    ]


def shape_rows(shapes: pd.DataFrame) -> list[list[str]]:
    """Size, ratio, slopes, and how much better a threshold predicts what was held out, in millinats."""
    return [
        [
            row["size"],
            ratio_text(row["ratio"]),
            f"{row['sigmoid_slope']:.1f}",
            f"{row['power_slope']:.1f}",
            estimate_text(*(1000 * row[name] for name in ("advantage", "low", "high")), form="+.0f"),
        ]
        for row in shapes.to_dict("records")
    ]


def share_rows(shares: pd.DataFrame) -> list[list[str]]:
    """Size, number of people, ratio, seeds, exposures, accuracy and known share in per cent."""
    return [
        [
            row["size"],
            f"{row['people']:,}",
            ratio_text(row["ratio"]),
            str(row["seeds"]),
            f"{row['exposures']:.0f}",
            row_text(row, "accuracy", ".1f"),
            row_text(row, "known", ".1f"),
        ]
        for row in shares.to_dict("records")
    ]


def _count(people: float) -> str:
    """A critical number of people; off the grid in words."""
    return "–" if pd.isna(people) else OFF_GRID.get(people) or f"{people:,.0f}"
