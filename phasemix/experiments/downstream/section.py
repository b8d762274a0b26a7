"""What the section of downstream tasks says."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, cast

import pandas as pd

from phasemix.base.number_text import estimate_text, number_text
from phasemix.base.spelling import parameters_text
from phasemix.experiments.downstream.tables import MEAN, Tables, axis_text


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs: the accuracies of every model, with a row of questions above."""
    tables = Tables.read(folder, options)
    tasks = [*tables.tasks, MEAN]
    questions = dict(zip(tables.means["task"], tables.means["questions"], strict=True))
    return {
        "axes": tables.axes,
        "tasks": tasks,
        "questions": [f"{questions[task]:,}" for task in tables.tasks],
        "models": len(tables.answers[tables.answers["task"] == MEAN]),
        "rows": model_rows(tables, tasks),
    }


def model_rows(tables: Tables, tasks: list[str]) -> list[list[str]]:
    """The axes, parameters and seeds of models that differ in their seed alone, then their accuracies in per cent."""
    rows = []
    for place, part in tables.means.groupby([*tables.axes, "parameters"], sort=False, dropna=False):
        *axes, parameters = cast("tuple[Any, ...]", place)
        by_task = part.set_index("task").to_dict("index")
        head = [parameters_text(parameters), str(part["seeds"].max())]
        rows.append(
            [*map(axis_text, axes), *head, *(_accuracy(by_task[task]) if task in by_task else "–" for task in tasks)]
        )
    return rows


def _accuracy(row: Mapping[Hashable, Any]) -> str:
    """In per cent, with its interval over seeds; with one seed, with the standard error over questions."""
    accuracy, low, high = (100 * row[name] for name in ("accuracy", "accuracy_low", "accuracy_high"))
    if not pd.isna(low):
        return estimate_text(accuracy, low, high, form=".1f")
    error = "" if pd.isna(row["standard_error"]) else f" ± {number_text(100 * row['standard_error'], '.1f')}"
    return number_text(accuracy, ".1f") + error
