"""What kinds share that infer sizes of models from the popularity of what they know (A-Fig 7c, 13).

Their tables are:

- ``thresholds.csv`` and ``inferred.csv``: those of :mod:`phasemix.popularity.inferred_sizes`;
- ``law.json``: the law fitted to all sizes, by the names of :class:`phasemix.popularity.popularity_law.PopularityLaw`;
  null where there are too few.

Options: ``target_accuracy``, ``fault_tolerance`` and ``confidence`` of the intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.base.files import read_json, write_csv, write_json
from phasemix.base.json_rows import json_rows, json_value
from phasemix.base.number_text import estimate_text
from phasemix.base.spelling import parameters_text
from phasemix.popularity.inferred_sizes import Inferred, infer_sizes
from phasemix.popularity.popularity_law import PopularityLaw


@dataclass(frozen=True)
class Tables:
    """What figures are drawn from and sections are written from."""

    found: Inferred
    confidence: float

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        thresholds, inferred = (pd.read_csv(folder / f"{name}.csv") for name in ("thresholds", "inferred"))
        law = read_json(folder / "law.json")
        if law:
            law["bend"] = tuple(np.nan if each is None else each for each in law["bend"])
        return cls(Inferred(thresholds, inferred, PopularityLaw(**law) if law else None), options["confidence"])


def write_inferred(answers: pd.DataFrame, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above, from a table of answers (:mod:`phasemix.popularity.answers_table`)."""
    found = infer_sizes(
        answers,
        target=options["target_accuracy"],
        tolerance=options["fault_tolerance"],
        confidence=options["confidence"],
    )
    write_csv(folder / "thresholds.csv", found.thresholds)
    write_csv(folder / "inferred.csv", found.inferred)
    law = found.law and {name: _json(value) for name, value in vars(found.law).items()}
    write_json(folder / "law.json", law)


def found_sizes(tables: Tables) -> dict[str, Any]:
    """What was found, for the claims.

    ``slope`` of log size over log popularity with its interval (``value``, ``low``, ``high``; null where too few sizes
    have a threshold), ``bend``, the same of the square of log popularity if the line may bend, and ``inferred``, the
    rows of ``inferred.csv``. What is missing is null.
    """
    law, names, slope, bend = tables.found.law, ("value", "low", "high"), None, None
    if law is not None:
        slope = dict(zip(names, (law.slope, *law.slope_interval(tables.confidence)), strict=True))
        bend = {name: json_value(value) for name, value in zip(names, law.bend, strict=True)}
    return {"slope": slope, "bend": bend, "inferred": json_rows(tables.found.inferred)}


def told_sizes(tables: Tables, threshold: str) -> dict[str, Any]:
    """What a section says of it; ``threshold`` is how a popularity is spelled, as ``".2e"``."""
    law, inside = tables.found.law, tables.found.inferred["inside"].dropna()
    return {
        "slope": law and estimate_text(law.slope, *law.slope_interval(tables.confidence), form=".2f"),
        "bend": law and _bend(law),
        "sizes": law.sizes if law else 0,
        "inside": int(inside.sum()),
        "tested": len(inside),
        "models": [_model_row(row, threshold) for row in tables.found.models.to_dict("records")],
    }


def _model_row(row: Mapping[Any, Any], threshold: str) -> list[str]:
    """Model, accuracy, threshold popularity, true and inferred size with its interval, whether the truth is inside."""
    return [
        row["model"],
        f"{100 * row['accuracy']:.0f}",
        format(row["threshold"], threshold) if row["standing"] == "on" else f"{row['standing']} all",
        parameters_text(row["parameters"]),
        parameters_text(row["size"]),
        "–" if pd.isna(row["low"]) else f"{parameters_text(row['low'])} to {parameters_text(row['high'])}",
        "–" if pd.isna(row["inside"]) else "yes" if row["inside"] else "no",
    ]


def _bend(law: PopularityLaw) -> str:
    return "not known, of so few sizes" if np.isnan(law.bend[1]) else estimate_text(*law.bend, form="+.2f")


def _json(value: Any) -> Any:
    return [json_value(each) for each in value] if isinstance(value, tuple) else value
