"""What the section of a test of the popularity estimator says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.number_text import estimate_text
from phasemix.base.spelling import parameters_text
from phasemix.experiments.popularity.tables import Tables
from phasemix.popularity.popularity_law import PopularityLaw


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    law, inside = tables.found.law, tables.found.inferred["inside"].dropna()
    return {
        "slope": law and estimate_text(law.slope, *law.slope_interval(tables.confidence), form=".2f"),
        "bend": law and _bend(law),
        "sizes": law.sizes if law else 0,
        "inside": int(inside.sum()),
        "tested": len(inside),
        "models": model_rows(tables),
    }


def model_rows(tables: Tables) -> list[list[str]]:
    """Model, accuracy, threshold popularity, true and inferred size with its interval, whether the truth is inside."""
    table = tables.found.thresholds.merge(
        tables.found.inferred.drop(columns=["parameters", "threshold"]), on="model", how="left"
    )
    return [
        [
            row["model"],
            f"{100 * row['accuracy']:.0f}",
            _threshold(row),
            parameters_text(row["parameters"]),
            parameters_text(row["size"]),
            "–" if pd.isna(row["low"]) else f"{parameters_text(row['low'])} to {parameters_text(row['high'])}",
            "–" if pd.isna(row["inside"]) else "yes" if row["inside"] else "no",
        ]
        for row in table.to_dict("records")
    ]


def _bend(law: PopularityLaw) -> str:
    return "not known, of so few sizes" if np.isnan(law.bend[1]) else estimate_text(*law.bend, form="+.2f")


def _threshold(row: Mapping[Any, Any]) -> str:
    if row["standing"] == "on":
        return f"{row['threshold']:.2e}"
    return f"{row['standing']} all"
