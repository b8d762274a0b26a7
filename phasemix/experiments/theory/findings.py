"""What a test of the theory found, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``web``, ``people``, ``calibration`` and ``bits_per_parameter`` as ``theory.json`` has them
(:mod:`phasemix.experiments.theory.tables`), and

- ``ratios``: the rows of ``predictions.csv``, and ``sizes``: those of ``sizes.csv``. Values and ends of intervals are
  numbers, or ``"below the grid"`` and ``"above the grid"``; of a predicted ratio the latter means that none is enough;
- ``exponents``: the rows of ``exponents.csv``;
- ``web_excess``: the least, the median and the most by which the web loss of a measured cell lies above what it should
  be by the theory, in nats per token;
- ``known``: ``cells``, how many measured cells there are beside those of the calibration's size and people, and
  ``difference``, the mean distance between the shares measured and predicted in them; null without any;
- ``most_bits``: the cell with the most ``bits_per_parameter`` known: ``size``, ``people``, ``ratio``; and
  ``most_shown``, the most bits per parameter that there were to be known in any cell.

What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.json_rows import json_rows, json_value
from phasemix.base.spelling import to_json
from phasemix.experiments.theory.tables import Tables

POINTS = ("measured", "low", "high", "predicted", "predicted_low", "predicted_high")


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        **tables.theory,
        "ratios": _points(tables.predictions),
        "sizes": _points(tables.sizes),
        "exponents": json_rows(tables.exponents),
        "web_excess": web_excess(tables),
        "known": known_difference(tables),
        "most_bits": most_bits(tables.known),
        "most_shown": most_shown(tables),
    }


def known_difference(tables: Tables) -> dict[str, Any]:
    """How far measured shares, below 0 as 0, lie from predicted ones, beside the calibration."""
    calibration = tables.theory["calibration"]
    known = tables.known
    others = known[(known["size"] != calibration["size"]) | (known["people"] != calibration["people"])]
    distance = (others["known"].clip(lower=0) - others["predicted"]).abs()
    return {"cells": len(others), "difference": float(distance.mean()) if len(others) else None}


def most_bits(known: pd.DataFrame) -> dict[str, Any]:
    """The cell whose model knows most per parameter."""
    row = known.sort_values("bits_per_parameter").to_dict("records")[-1]
    return {name: row[name] for name in ("size", "people", "ratio", "bits_per_parameter")}


def web_excess(tables: Tables) -> list[float]:
    """The least, the median and the most of what web losses lie above the theory's."""
    excess = tables.known["web_loss"] - tables.known["web_predicted"]
    return [float(excess.quantile(part)) for part in (0, 0.5, 1)]


def most_shown(tables: Tables) -> float:
    """All bits about all people per parameter, in the cell where that is most."""
    return float((tables.theory["people"]["entropy"] * tables.known["people"] / tables.known["parameters"]).max())


def _points(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            str(name): to_json(value) if name in POINTS and pd.notna(value) else json_value(value)
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]
