"""What an ablation measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``means`` and ``frequency``, the rows of these tables
(:mod:`phasemix.experiments.ablation.tables`), and of ``more``, how much further apart accuracies are at the same
frequency per step than per token, the mean over seeds and its interval: ``value``, ``low``, ``high``. What is missing
is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.analysis.seed_intervals import mean_interval
from phasemix.base.json_rows import json_rows, json_value
from phasemix.experiments.ablation.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "means": json_rows(tables.means),
        "frequency": json_rows(tables.frequency),
        "more": more_apart(tables, options["confidence"]),
    }


def more_apart(tables: Tables, confidence: float) -> dict[str, Any]:
    """``more``, as above."""
    more = (tables.frequency["per_step"] - tables.frequency["per_token"]).to_numpy(float)
    interval = mean_interval(more, confidence)
    return {name: json_value(value) for name, value in zip(("value", "low", "high"), interval, strict=True)}
