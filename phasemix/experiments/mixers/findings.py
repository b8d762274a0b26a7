"""What a contest of mixers found: every contestant's means, and which is the best."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.mixers.spec import CHARGED, FREE
from phasemix.experiments.mixers.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings."""
    tables = Tables.read(folder, options)
    return {
        "baseline": options["baseline"],
        "domains": options["domains"],
        "means": {budget: json_rows(tables.of_budget(budget)) for budget in (FREE, CHARGED)},
        "predicted": json_rows(tables.predicted),
    }
