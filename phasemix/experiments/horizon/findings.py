"""What a study of horizons measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds

- ``level``, the accuracy nearest to paper A's 40 % whose T is measured; ``fitted_from`` and ``linear_above``, ratios
  of the laws; ``budget``, the tokens of the headline; ``confidence``, of all intervals;
- ``accuracies``: of every size at every ratio and horizon: ``size``, ``parameters``, ``ratio``, ``tokens`` (trained
  on), ``seeds`` (how many did not diverge), ``accuracy``, their mean, and the ``lowest`` and ``highest`` of them.
  Cells of which every seed diverged are left out;
- ``critical_ratios``: of every size that has cells of the budget's tokens: ``size``, ``parameters`` and ``value``,
  where their mean accuracy crosses the level along the ratios: a number, or ``"below the grid"`` or
  ``"above the grid"``;
- ``growth`` and ``exposures``: rows of :mod:`phasemix.analysis.growth`;
- ``tokens``, ``seed_tokens``, ``laws`` and ``held_out``: rows of :mod:`phasemix.experiments.horizon.laws`.

What is missing or infinite in a row is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.analysis.critical_points import crossing
from phasemix.base.json_rows import json_rows
from phasemix.base.spelling import to_json
from phasemix.experiments.horizon.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "level": tables.level,
        **{name: options[name] for name in ("fitted_from", "linear_above", "budget", "confidence")},
        "accuracies": json_rows(tables.accuracies.dropna(subset="accuracy")),
        "critical_ratios": critical_ratios(tables),
        "growth": json_rows(tables.growth),
        "exposures": json_rows(tables.exposures),
        "tokens": json_rows(tables.t),
        "seed_tokens": json_rows(tables.seed_t),
        "laws": json_rows(tables.laws),
        "held_out": json_rows(tables.held_out),
    }


def critical_ratios(tables: Tables) -> list[dict[str, Any]]:
    """Where accuracy after the budget's tokens crosses the level, size by size."""
    means = tables.accuracies.dropna(subset="accuracy")
    at_budget = means[(means["tokens"] == tables.budget) & (means["ratio"] > 0)]
    return [
        {"size": size, "parameters": int(line["parameters"].iloc[0])}
        | {"value": to_json(crossing(line["ratio"].to_numpy(), line["accuracy"].to_numpy(), tables.level))}
        for (_, size), line in at_budget.groupby(["parameters", "size"])
    ]
