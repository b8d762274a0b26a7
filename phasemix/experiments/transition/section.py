"""What the section of a transition study says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import FEWEST
from phasemix.analysis.shape_rows import SCORES
from phasemix.base.number_text import estimate_text
from phasemix.base.spelling import critical_ratio_text, interval_text, parameters_text
from phasemix.experiments.transition.published import A_TABLE_1
from phasemix.experiments.transition.tables import Tables
from phasemix.report.rows import exposures_rows, growth_rows

LEARNED_PERCENT = 1  # on some attribute, or a cell is not listed in A-Table 2
PAPER = "paper A: 70M"


@dataclass(frozen=True)
class Grid:
    """A table for people: the names of its columns after the heads, and its rows, heads first."""

    columns: list[str]
    rows: list[list[str]]


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    paper_1, paper_2 = (pd.read_csv(folder / f"a_table_{number}.csv", dtype={"size": str}) for number in (1, 2))
    return {
        "setting": setting(tables),
        "critical_ratios": critical_rows(tables, "ratio"),
        "critical_sizes": critical_rows(tables, "size"),
        "table_1": table_1(paper_1, tables.sizes),
        "published_1": table_1(A_TABLE_1.assign(size=PAPER), [PAPER]),
        "table_2": table_2(paper_2),
        "growth": growth_rows(tables.growth),
        "exposures": exposures_rows(tables.exposures),
        "shapes": shapes_rows(tables),
        "ground": ground_rows(tables),
        "fewest": FEWEST,
    }


def setting(tables: Tables) -> list[tuple[str, str]]:
    """Sizes, ratios, exposures, the guessing floor, and what was left out."""
    table = tables.transition
    sizes = table[["size", "parameters"]].drop_duplicates().sort_values("parameters")
    lost = table[table["diverged"]]
    floor = "" if np.isnan(tables.floor) else f"{100 * tables.floor:.1f} %"
    return [
        ("sizes (parameters)", ", ".join(f"{row.size} ({row.parameters:,})" for row in sizes.itertuples(index=False))),
        ("mixing ratios", ", ".join(f"{ratio:g}" for ratio in sorted(table["ratio"].unique()))),
        ("exposures per person", f"{table['exposures'].min():.0f} to {table['exposures'].max():.0f}"),
        (
            "bits",
            f"{bits_of(table):.1f} a person; all of them would fill "
            + ", ".join(
                f"{100 * load:.0f} % of {size}"
                for size, load in table.groupby("size", sort=False)["load"].first().items()
            )
            + " at 2 bits a parameter",
        ),
        ("most known", most_known(table)),
        ("guessing floor", f"{floor or 'not known'}: the accuracy of always naming an attribute’s most common value"),
        (
            "left out",
            "; ".join(f"{row.size} at r = {row.ratio:g}, seed {row.seed}" for row in lost.itertuples(index=False))
            or "no run: none diverged",
        ),
    ]


def most_known(table: pd.DataFrame) -> str:
    """The cell that knows most per parameter, in the mean over seeds."""
    cells = table.groupby(["size", "ratio"], as_index=False)["bits_per_parameter"].mean()
    most = cells.loc[cells["bits_per_parameter"].idxmax()]
    return f"{most['bits_per_parameter']:.2f} bits a parameter, by {most['size']} at r = {most['ratio']:g}"


def bits_of(table: pd.DataFrame) -> float:
    """All bits about a person."""
    return float((table["knowledge"] / table["known"]).median())


def shapes_rows(tables: Tables) -> list[list[str]]:
    """Lines and how well every shape predicts what was held out, in millinats above what is possible."""
    return [
        [
            row["size"] if row["along"] == "ratio" else f"r = {row['ratio']:g}",
            str(row["points"]),
            *(f"{1000 * row[score]:.0f}" for score in SCORES),
            f"{row['sigmoid_slope']:.1f}",
            f"{row['power_slope']:.1f}",
            f"{1000 * row['advantage']:.0f} ({1000 * row['low']:.0f} to {1000 * row['high']:.0f})",
        ]
        for row in tables.shapes.to_dict("records")
    ]


def ground_rows(tables: Tables) -> list[list[str]]:
    """Size, ratio where half of all bits are known, rises per doubling in points, and the first over the second."""
    return [
        [
            row["size"],
            critical_ratio_text(row["critical"]),
            *(f"{100 * row[name]:.0f}" for name in ("below", "steepest")),
            estimate_text(row["part"], row["low"], row["high"], form=".2f"),
        ]
        for row in tables.ground.to_dict("records")
    ]


def critical_rows(tables: Tables, kind: str) -> list[list[str]]:
    """Critical points of one kind, spelled out: where, value, interval, how many seeds."""
    rows = tables.critical[tables.critical["kind"] == kind]
    where = rows["size"] if kind == "ratio" else rows["ratio"].map("{:g}".format)
    spell = critical_ratio_text if kind == "ratio" else parameters_text
    interval = [interval_text(low, high, spell) for low, high in rows[["low", "high"]].to_numpy(float)]
    found = zip(where, rows["value"].map(spell), interval, rows["seeds"].astype(str), strict=True)
    return [list(row) for row in found]


def table_1(table: pd.DataFrame, sizes: list[str]) -> Grid:
    """A-Table 1: ``mean (sd)`` in per cent, sizes as rows, ratios as columns."""
    cells = [_mean_sd(mean, sd) for mean, sd in table[["accuracy_percent", "sd"]].to_numpy(float)]
    wide = table.assign(cell=cells).pivot_table(index="size", columns="ratio", values="cell", aggfunc="first")
    wide = wide.reindex(sizes).fillna("")
    rows = [[str(size), *row] for size, row in zip(wide.index, wide.to_numpy().tolist(), strict=True)]
    return Grid([f"{ratio:g}" for ratio in wide.columns], rows)


def table_2(table: pd.DataFrame) -> Grid:
    """A-Table 2: the cells in which something was learned, an attribute a column, in per cent."""
    attributes = table.columns[3:].tolist()
    rows = [
        [row["size"], f"{row['ratio']:g}", *(f"{row[attribute]:.1f}" for attribute in attributes)]
        for row in table.to_dict("records")
        if attributes and max(row[attribute] for attribute in attributes) >= LEARNED_PERCENT
    ]
    return Grid([attribute.replace("_", " ") for attribute in attributes], rows)


def _mean_sd(mean: float, sd: float) -> str:
    return f"{mean:.1f}" if np.isnan(sd) else f"{mean:.1f} ({sd:.1f})"
