"""What a study of reasoning measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds, by task: ``source``, the name of its problems; ``share``, how much of
the corpus they are; ``floor``; ``share_seen``, the largest of any
cell; ``accuracy`` and ``shapes``, the rows of these tables; ``critical_ratios`` and ``critical_sizes``, by size and by
ratio: ``value``, ``low`` and ``high``, numbers on the grid, ``"below the grid"`` or ``"above the grid"``; unknown ones
are left out. What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.json_rows import json_rows
from phasemix.base.spelling import to_json
from phasemix.experiments.reasoning.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    found = {}
    for task in tables.tasks:
        cells, accuracy, shapes = (
            each[each["task"] == task].drop(columns="task")
            for each in (tables.reasoning, tables.accuracy, tables.shapes)
        )
        found[task] = {
            "source": options["tasks"][task],
            "share": options["share"],
            "floor": float(cells["floor"].max()),
            "share_seen": float(cells["share_seen"].max()),
            "accuracy": json_rows(accuracy),
            "shapes": json_rows(shapes),
            **{f"critical_{kind}s": _points(tables.critical, task, kind) for kind in ("ratio", "size")},
        }
    return found


def _points(critical: pd.DataFrame, task: str, kind: str) -> list[dict[str, Any]]:
    where = ["size", "parameters"] if kind == "ratio" else ["ratio"]
    own = critical[(critical["task"] == task) & (critical["kind"] == kind) & critical["value"].notna()]
    return [
        {name: row[name] for name in where} | {name: to_json(row[name]) for name in ("value", "low", "high")}
        for row in own.to_dict("records")
    ]
