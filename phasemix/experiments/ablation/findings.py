"""What an ablation measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``means`` and ``frequency``, the rows of these tables
(:mod:`phasemix.experiments.ablation.tables`), and, as means over seeds with intervals (``value``, ``low``, ``high``),
``more``, how much further apart accuracies are at the same frequency per step than per token, and ``batch``, what the
batch size itself does at the same frequency per token, as a share of what the same factor in the ratio does. What is
missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.analysis.seed_intervals import mean_interval
from phasemix.base.json_rows import json_rows, json_value
from phasemix.experiments.ablation.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "means": json_rows(tables.means),
        "frequency": json_rows(tables.frequency),
        **frequency_effects(tables, options["confidence"]),
    }


def frequency_effects(tables: Tables, confidence: float) -> dict[str, dict[str, Any]]:
    """``more`` and ``batch``, as above."""
    rows = tables.frequency
    seeds = {"more": rows["per_step"] - rows["per_token"], "batch": rows["per_token"] / rows["per_ratio"]}
    return {name: _estimate(values, confidence) for name, values in seeds.items()}


def _estimate(seeds: pd.Series, confidence: float) -> dict[str, Any]:
    interval = mean_interval(seeds.to_numpy(float), confidence)
    return {name: json_value(value) for name, value in zip(("value", "low", "high"), interval, strict=True)}
