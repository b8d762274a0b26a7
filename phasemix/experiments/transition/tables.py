"""The tables of a transition study, from the generic tables of its cells and the answers of its evaluations.

- ``transition.csv``: one row per run, columns of :func:`phasemix.analysis.ratio_tables.ratio_cells`;
- ``people.parquet``: one row per cell, person and attribute: ``size``, ``ratio``, ``seed``, ``person``, ``attribute``,
  ``asked`` and ``correct`` (counts of questions). The bootstrap resamples its people. Diverged runs have no rows;
- ``accuracy.csv`` and ``critical.csv``: accuracies and critical points with intervals
  (:mod:`phasemix.analysis.critical_points`);
- ``a_table_1.csv`` and ``a_table_2.csv``: the paper's tables in this study's scale.

Its options: ``dense`` and ``base``, the names of the sources; ``questions``, which questions count as accuracy
(:data:`phasemix.study.cell.Counted`); ``critical_accuracy``; ``bootstrap``, ``confidence`` and ``seed`` of the
intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.analysis.critical_points import Accuracies, accuracy_intervals, critical_points
from phasemix.analysis.ratio_tables import CELL, attributes_of, ratio_cells, ratio_curves
from phasemix.base.files import write_csv, write_parquet
from phasemix.evaluation.questions import counted
from phasemix.experiments.cells_table import Cells
from phasemix.study.cell import Counted


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    transition: pd.DataFrame
    accuracy: pd.DataFrame
    critical: pd.DataFrame
    curves: pd.DataFrame

    @property
    def sizes(self) -> list[str]:
        """The sizes, smallest first."""
        return self.transition.sort_values("parameters")["size"].unique().tolist()

    @property
    def ratios(self) -> list[float]:
        """The mixing ratios above 0, smallest first."""
        return sorted(self.accuracy["ratio"].unique().tolist())

    @property
    def floor(self) -> float:
        """The accuracy of guessing, the same in every cell; NaN if it is not known."""
        return float(self.transition["floor"].max())

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        return cls(
            transition=pd.read_csv(folder / "transition.csv", dtype={"size": str}),
            accuracy=pd.read_csv(folder / "accuracy.csv", dtype={"size": str}),
            critical=pd.read_csv(folder / "critical.csv", dtype={"size": str}),
            curves=ratio_curves(
                pd.read_csv(folder / "curves.csv", dtype={"size": str}), options["dense"], options["base"]
            ),
        )


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, where ``cells.csv`` and ``curves.csv`` are.

    Raises:
        PhasemixError: nothing is asked about the dense source.
    """
    table = ratio_cells(pd.read_csv(folder / "cells.csv", dtype={"size": str}), options["dense"], options["base"])
    people = people_table(cells, options["dense"], options["questions"])
    resampling = {key: options[key] for key in ("bootstrap", "confidence", "seed")}
    accuracies = Accuracies(table, people, **resampling)
    write_csv(folder / "transition.csv", table)
    write_parquet(folder / "people.parquet", people)
    write_csv(folder / "accuracy.csv", accuracy_intervals(accuracies))
    write_csv(folder / "critical.csv", critical_points(accuracies, options["critical_accuracy"]))
    write_csv(folder / "a_table_1.csv", a_table_1(table))
    write_csv(folder / "a_table_2.csv", a_table_2(table))


def people_table(cells: Cells, dense: str, questions: Counted) -> pd.DataFrame:
    """Questions asked about the dense source and answered exactly, by cell, person and attribute."""
    parts = []
    for key in cells.keys:
        answers = pd.read_parquet(cells.evaluation(key) / "answers.parquet")
        answers = answers[(answers["source"] == dense) & counted(answers["shown"].to_numpy(bool), questions)]
        by_person = answers.rename(columns={"subject": "person"}).groupby(["person", "attribute"], as_index=False)
        part = by_person.agg(asked=("correct", "size"), correct=("correct", "sum"))
        for place, axis in enumerate(CELL):
            part.insert(place, axis, dict(key.pairs)[axis])
        if len(part):
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def a_table_1(table: pd.DataFrame) -> pd.DataFrame:
    """A-Table 1: accuracy in per cent by size and ratio, mean and standard deviation over seeds (n − 1)."""
    cells = table[~table["diverged"]].assign(accuracy=lambda t: 100 * t["accuracy"])
    by_cell = cells.groupby(["parameters", "size", "ratio"], as_index=False)
    return by_cell.agg(accuracy_percent=("accuracy", "mean"), sd=("accuracy", "std"), seeds=("accuracy", "count"))


def a_table_2(table: pd.DataFrame) -> pd.DataFrame:
    """A-Table 2: accuracy in per cent by size, ratio and attribute, mean over seeds."""
    columns = [f"accuracy_{attribute}" for attribute in attributes_of(table)]
    cells = table[~table["diverged"]].groupby(["parameters", "size", "ratio"])[columns].mean() * 100
    return cells.rename(columns=lambda name: name.removeprefix("accuracy_")).reset_index()
