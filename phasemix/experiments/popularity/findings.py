"""What a test of the popularity estimator found, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``slope`` of log size over log popularity with its interval (``value``, ``low``, ``high``; null
where too few sizes have a threshold), and ``inferred``, the rows of ``inferred.csv``. What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.popularity.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    law, slope = tables.found.law, None
    if law is not None:
        low, high = law.slope_interval(tables.confidence)
        slope = {"value": law.slope, "low": low, "high": high}
    return {"slope": slope, "inferred": json_rows(tables.found.inferred)}
