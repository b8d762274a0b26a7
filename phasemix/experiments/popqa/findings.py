"""What models know of PopQA and what sizes follow, as numbers that claims are tested by; no verdicts.

``findings.json`` holds what :func:`phasemix.experiments.by_popularity.found_sizes` says, ``judge`` (its name; null
without one), and ``agreement``, the rows of ``agreement.csv``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.by_popularity import found_sizes
from phasemix.experiments.popqa.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {**found_sizes(tables), "judge": options["judge"], "agreement": json_rows(tables.agreement)}
