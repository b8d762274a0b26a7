"""What a study of strategies measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``cells`` (those of ``strategies.csv``), ``means`` and ``predicted``, the rows of these tables,
of the last those at measured places, and ``best`` (:mod:`phasemix.experiments.strategies.tables`). What is missing is
null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.strategies.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    said = tables.predicted[tables.predicted["measured"]].drop(columns="measured")
    cells = json_rows(tables.strategies)
    return {"cells": cells, "means": json_rows(tables.means), "predicted": json_rows(said), "best": tables.best}
