"""What the section of a study of continual training says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import row_text, share_text
from phasemix.experiments.continual.tables import Tables
from phasemix.report.figure_style import ratio_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    means = tables.means
    return {
        "people": int(means["people"].max()),
        "floor": f"{100 * means['floor'].max():.1f} %",
        "rise": f"{tables.rise:g}",
        "rows": rows(means),
    }


def rows(means: pd.DataFrame) -> list[list[str]]:
    """Size, r, ρ, τ, seeds, tokens, seeds that stopped, exposures, times as often, accuracies, gain, rises."""
    return [
        [
            row["size"],
            *(ratio_text(row[name]) for name in ("ratio", "subsampling", "compact")),
            str(row["seeds"]),
            f"{row['tokens'] / 1e6:.1f}",
            f"{row['stopped'] * row['seeds']:.0f}",
            f"{row['exposures']:.0f}",
            "–" if pd.isna(row["frequency"]) else f"{row['frequency']:.1f}",
            row_text(row, "accuracy", ".0f"),
            share_text(row, "accuracy_shown"),
            row_text(row, "gain", "+.0f"),
            *(row_text(row, name, "+.3f", scale=1) for name in ("rise", "web_rise")),
        ]
        for row in means.to_dict("records")
    ]
