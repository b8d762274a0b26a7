"""The tables of a study of reasoning, from the generic ones and the answers of its cells.

- ``reasoning.csv``: a row per cell: ``size``, ``parameters``, ``task``, ``ratio``, ``seed``, ``share_seen`` (of all
  problems that training may show, in whatever order they are told, those that draws at random have shown, as if each
  were as likely; lists with repeated numbers are rarer), ``accuracy`` (of final answers to problems never shown),
  ``floor`` (of always giving the commonest one), ``answer_loss`` (of right worked answers, nats per token),
  ``problem_loss`` and ``base_loss`` (on held-out text), ``diverged``;
- ``accuracy.csv``: by ``task``, size and ratio, the mean accuracy over problems and seeds with its interval, and the
  mean ``answer_loss``;
- ``critical.csv``: by ``task``, critical ratios and sizes (:func:`phasemix.analysis.critical_points.critical_points`);
- ``shapes.csv``: by ``task``, a cliff or a curve, above the floor (:mod:`phasemix.experiments.transition.shapes`).

Intervals are bootstrap percentiles over problems and seeds (:class:`phasemix.analysis.critical_points.Shares`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import Shares, critical_points, share_intervals
from phasemix.base.files import write_csv
from phasemix.base.seeds import named_seed
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.transition.shapes import shapes_table

CELL = ["size", "task", "ratio", "seed"]
TABLES = ("reasoning", "accuracy", "critical", "shapes")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    reasoning: pd.DataFrame
    accuracy: pd.DataFrame
    critical: pd.DataFrame
    shapes: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(**{name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES})

    @property
    def tasks(self) -> list[str]:
        """The tasks in the order of the table."""
        return self.reasoning["task"].drop_duplicates().tolist()

    @property
    def sizes(self) -> list[str]:
        """The sizes, smallest first."""
        return self.reasoning.sort_values("parameters")["size"].drop_duplicates().tolist()

    @property
    def floors(self) -> pd.Series:
        """The accuracy of guessing, by task."""
        return self.reasoning.groupby("task")["floor"].max()


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, which holds the generic ones."""
    table = reasoning_cells(pd.read_csv(folder / "cells.csv", dtype={"size": str}), options)
    graded = []
    for key in cells.keys:
        answers = pd.read_parquet(cells.evaluation(key) / "answers.parquet")
        part = answers.rename(columns={"subject": "person"})[["person", "correct"]].astype({"correct": int})
        graded.append(part.assign(asked=1, **{name: value for name, value in key.pairs if name in CELL}))
    write_from(table, pd.concat(graded, ignore_index=True), options, folder)


def reasoning_cells(cells: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``reasoning.csv``, from the generic table of cells."""
    parts = []
    for task, source in options["tasks"].items():
        own = cells[cells["task"] == task]
        if own.empty:
            continue
        epochs = own[f"epochs.{source}"].astype(float)
        parts.append(
            own[["size", "parameters", "task", "ratio", "seed"]].assign(
                share_seen=-np.expm1(-epochs),
                accuracy=own[f"accuracy.{source}"],
                floor=own[f"floor.{source}"],
                answer_loss=own[f"answer_loss.{source}"],
                problem_loss=own[f"loss.{source}"],
                base_loss=own[f"loss.{options['base']}"],
                diverged=own["diverged"],
            )
        )
    return pd.concat(parts).sort_values(["task", "parameters", "ratio", "seed"], ignore_index=True)


def write_from(table: pd.DataFrame, graded: pd.DataFrame, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above, made of the first and of every graded answer: ``person`` is a problem's number."""
    found: dict[str, list[pd.DataFrame]] = {"accuracy": [], "critical": [], "shapes": []}
    for task, own in table.groupby("task", sort=False):
        resampling = {name: options[name] for name in ("bootstrap", "confidence")}
        seed = named_seed(options["seed"], "reasoning", str(task))
        shares = Shares(own, graded[graded["task"] == task], seed=seed, **resampling)
        losses = own[~own["diverged"]].groupby(["size", "ratio"], as_index=False)["answer_loss"].mean()
        accuracy = share_intervals(shares, "accuracy").merge(losses, on=["size", "ratio"])
        tables = (
            accuracy,
            critical_points(shares, options["critical_accuracy"]),
            shapes_table(shares, own["floor"].max()),
        )
        for name, each in zip(found, tables, strict=True):
            each.insert(0, "task", str(task))
            found[name].append(each)
    write_csv(folder / "reasoning.csv", table)
    for name, parts in found.items():
        write_csv(folder / f"{name}.csv", pd.concat([part for part in parts if len(part)] or parts[:1]))
