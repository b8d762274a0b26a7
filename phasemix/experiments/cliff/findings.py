"""What a test of the law that sees the cliff found, as numbers; no claim of the papers hangs on them.

``findings.json`` holds ``scores``, ``critical`` and ``parameters``: the rows of these tables
(:mod:`phasemix.experiments.cliff.tables`). What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.cliff.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {name: json_rows(getattr(tables, name)) for name in ("scores", "critical", "parameters")}
