"""What the section of a study of strategies says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import row_text, share_text
from phasemix.experiments.strategies.tables import Tables
from phasemix.report.figure_style import ratio_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    means = tables.means
    return {
        "people": int(means["people"].max()),
        "floor": f"{100 * means['floor'].max():.1f} %",
        "best": best_rows(tables),
        "subsampling": strategy_rows(means[means["compact"] == 0], tables.predicted),
        "compact": strategy_rows(means[means["subsampling"] == 1], tables.predicted),
    }


def best_rows(tables: Tables) -> list[list[str]]:
    """Size, ratio, the best ρ that was tried with those as good, its accuracy, and what was expected to be best."""
    rows = []
    for one in tables.best:
        measured, theory, law = (one[name] or {} for name in ("measured", "theory", "cliff"))
        tried = {
            f"rho{end}": measured[name] for end, name in (("", "subsampling"), ("_low", "least"), ("_high", "most"))
        }
        rows.append(
            [
                one["size"],
                ratio_text(one["ratio"]),
                row_text(tried, "rho", ".0f"),
                row_text(measured, "accuracy", ".0f"),
                *(share_text(theory, name) for name in ("subsampling", "known", "measured")),
                *(share_text(law, name) for name in ("subsampling", "accuracy", "measured")),
            ]
        )
    return rows


def strategy_rows(means: pd.DataFrame, predicted: pd.DataFrame) -> list[list[str]]:
    """Size, r, ρ, τ, seeds, million tokens, exposures, frequency, accuracies, gain, known and expected, web loss."""
    place = ["size", "ratio", "subsampling", "compact"]
    said = predicted[predicted["measured"]].rename(columns={"known": "known_said", "accuracy": "accuracy_said"})
    table = means.merge(said[[*place, "known_said", "accuracy_said"]], on=place, how="left")
    return [
        [
            row["size"],
            *(ratio_text(row[name]) for name in ("ratio", "subsampling", "compact")),
            str(row["seeds"]),
            f"{row['tokens'] / 1e6:.1f}",
            f"{row['exposures']:.0f}",
            "–" if pd.isna(row["frequency"]) else f"{row['frequency']:.2f}",
            row_text(row, "accuracy", ".0f"),
            share_text(row, "accuracy_shown"),
            share_text(row, "accuracy_said"),
            row_text(row, "known", ".0f"),
            share_text(row, "known_said"),
            row_text(row, "gain", "+.0f"),
            row_text(row, "web_rise", "+.3f", scale=1),
        ]
        for row in table.to_dict("records")
    ]
