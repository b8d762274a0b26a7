"""What a test of the popularity estimator found, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``slope`` of log size over log popularity with its interval (``value``, ``low``, ``high``; null
where too few sizes have a threshold), ``bend``, the same of the square of log popularity if the line may bend, and
``inferred``, the rows of ``inferred.csv``. What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows, json_value
from phasemix.experiments.popularity.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    law, names, slope, bend = tables.found.law, ("value", "low", "high"), None, None
    if law is not None:
        slope = dict(zip(names, (law.slope, *law.slope_interval(tables.confidence)), strict=True))
        bend = {name: json_value(value) for name, value in zip(names, law.bend, strict=True)}
    return {"slope": slope, "bend": bend, "inferred": json_rows(tables.found.inferred)}
