"""What a study of the number of people measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds

- ``sizes``, ``people`` and ``ratios``: those of the grid, smallest first;
- ``shares``: the rows of ``shares.csv`` (:mod:`phasemix.experiments.people.tables`);
- ``critical_people``: of every size and ratio, smallest first: ``size``, ``parameters``, ``ratio``, ``value``, ``low``,
  ``high``: numbers of people at which accuracy falls through the critical one;
- ``critical_ratios``: by ``share`` (``accuracy``, or ``known``, where half of all bits are) and of every size and
  number of people with enough ratios: ``level``, ``size``, ``parameters``, ``people``, ``value``, ``low``, ``high``.
  Points are numbers on the grid, ``"below the grid"`` or ``"above the grid"``; those unknown are left out;
- ``shapes``: the rows of ``shapes.csv``.

What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.json_rows import json_rows
from phasemix.base.spelling import to_json
from phasemix.experiments.people.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "sizes": tables.sizes,
        "people": tables.counts,
        "ratios": tables.ratios,
        "shares": json_rows(tables.shares),
        "critical_people": _points(tables.critical_people, ["size", "parameters", "ratio"]),
        "critical_ratios": _points(tables.critical_ratios, ["share", "level", "size", "parameters", "people"]),
        "shapes": json_rows(tables.shapes),
    }


def _points(critical: pd.DataFrame, where: list[str]) -> list[dict[str, Any]]:
    """The known critical points, in the order of the table."""
    return [
        {name: row[name] for name in where} | {name: to_json(row[name]) for name in ("value", "low", "high")}
        for row in critical[critical["value"].notna()].to_dict("records")
    ]
