"""What models answered to downstream tasks, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``tasks``, their names, ``shots``, ``confidence`` of intervals, ``models``, the rows of
``answers.csv`` that are means over tasks, one per model, and ``means``, the rows of ``means.csv``
(:mod:`phasemix.experiments.downstream.tables`). What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.downstream.tables import MEAN, Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    models = tables.answers[tables.answers["task"] == MEAN].drop(columns=["task", "metric"])
    return {
        "tasks": tables.tasks,
        "shots": options["shots"],
        "confidence": options["confidence"],
        "models": json_rows(models),
        "means": json_rows(tables.means),
    }
