"""The tables of downstream tasks, made of what every model answered.

- ``answers.csv``: one row per model that did not diverge and task: ``experiment``, the axes of the cell's key,
  ``parameters``, ``task``, ``metric``, ``questions``, ``accuracy`` and ``standard_error``, of that over questions; then
  a row of its mean over tasks, which is the task ``mean``, without metric;
- ``means.csv``: the same over seeds: ``seeds``, how many there are, ``accuracy`` with its interval
  (``accuracy_low``, ``accuracy_high``; missing with one seed) and ``standard_error``: that of questions, which seeds
  share.

Axes that an experiment does not have are missing in its rows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import pandas as pd

from phasemix.analysis.seed_intervals import columns, share_interval
from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv
from phasemix.study.cell_key import SEED, CellKey

MEAN = "mean"
MEASURED = ("metric", "questions", "accuracy", "standard_error")
OF_MEANS = ("parameters", "task", "questions", "seeds", "accuracy", "accuracy_low", "accuracy_high", "standard_error")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    answers: pd.DataFrame
    means: pd.DataFrame
    tasks: list[str]

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        answers, means = (pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in ("answers", "means"))
        return cls(answers, means, list(options["tasks"]))

    @property
    def axes(self) -> list[str]:
        """What tells models apart beside their seeds, the experiment first."""
        return [str(name) for name in self.means.columns if name not in OF_MEANS]


def write_tables(answers: Sequence[Path], confidence: float, folder: Path) -> None:
    """Write the tables above into ``folder``, of files as :mod:`phasemix.evaluation.downstream` has them.

    Raises:
        PhasemixError: every model diverged.
    """
    found = [one for one in map(read_json, answers) if not one["diverged"]]
    if not found:
        raise PhasemixError("every model that was asked diverged: lower its peak learning rate")
    table = pd.DataFrame(row for one in found for row in _rows(one))
    axes = list(dict.fromkeys(axis for one in found for axis in CellKey.parse(one["cell"]).axes))
    table = table[["experiment", *axes, "parameters", "task", *MEASURED]]
    write_csv(folder / "answers.csv", table)
    write_csv(folder / "means.csv", means_of(table, axes, confidence))


def axis_text(value: Any) -> str:
    """A value of an axis for people; a dash where a model does not have it."""
    return "–" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)


def _rows(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of one model."""
    head = {"experiment": one["experiment"], **dict(CellKey.parse(one["cell"]).pairs), "parameters": one["parameters"]}
    rows = [{**head, "task": task, **measured} for task, measured in one["tasks"].items()]
    errors = [math.nan if row["standard_error"] is None else row["standard_error"] for row in rows]
    mean = {
        "questions": sum(row["questions"] for row in rows),
        "accuracy": float(np.mean([row["accuracy"] for row in rows])),
        "standard_error": float(np.linalg.norm(errors) / len(errors)),  # tasks have different questions
    }
    return [*rows, {**head, "task": MEAN, "metric": None, **mean}]


def means_of(table: pd.DataFrame, axes: Sequence[str], confidence: float) -> pd.DataFrame:
    """``means.csv``, of ``answers.csv``."""
    places = ["experiment", *(axis for axis in axes if axis != SEED)]
    rows = []
    for place, part in table.groupby([*places, "parameters", "task"], sort=False, dropna=False):
        rows.append(
            {
                **dict(zip([*places, "parameters", "task"], cast("tuple[Any, ...]", place), strict=True)),
                "questions": int(part["questions"].iloc[0]),
                "seeds": len(part),
                **columns("accuracy", share_interval(part["accuracy"].to_numpy(), confidence)),
                "standard_error": float(part["standard_error"].mean()),
            }
        )
    return pd.DataFrame(rows)
