"""The tables of a transition study, from the generic tables of its cells and the answers of its evaluations.

- ``transition.csv``: one row per run, columns of :func:`phasemix.analysis.ratio_tables.ratio_cells`;
- ``people.parquet``: what every person is known by (:mod:`phasemix.experiments.people_table`);
- ``growth.csv`` and ``exposures.csv``: what is learned from one horizon to the next, and by equal exposures at
  different ratios (:mod:`phasemix.analysis.growth`);

and of the runs to the study's own horizon, ``tokens``:

- ``accuracy.csv`` and ``known.csv``: accuracies, and shares of all bits that are known, with intervals;
  ``critical.csv``: critical points (:mod:`phasemix.analysis.critical_points`);
- ``shapes.csv``: a cliff or a curve (:mod:`phasemix.experiments.transition.shapes`), and ``ground.csv``: whether known
  bits lie flat below the critical ratio (:mod:`phasemix.analysis.ground`);
- ``a_table_1.csv`` and ``a_table_2.csv``: the paper's tables in this study's scale.

Its options: ``dense`` and ``base``, the names of the sources; ``questions``, which questions count as accuracy
(:data:`phasemix.study.cell.Counted`); ``tokens``; ``critical_accuracy``; ``bootstrap``, ``confidence`` and ``seed`` of
the intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.analysis.critical_points import Shares, critical_points, share_intervals
from phasemix.analysis.ground import ground
from phasemix.analysis.growth import equal_exposures, growth
from phasemix.analysis.ratio_tables import attributes_of, ratio_cells, ratio_curves
from phasemix.base.files import write_csv, write_parquet
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.people_table import people_table
from phasemix.experiments.transition.shapes import shapes_table


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from.

    ``transition`` holds the runs to the study's own horizon; ``curves`` their evaluation points.
    """

    transition: pd.DataFrame
    accuracy: pd.DataFrame
    known: pd.DataFrame
    critical: pd.DataFrame
    growth: pd.DataFrame
    exposures: pd.DataFrame
    shapes: pd.DataFrame
    ground: pd.DataFrame
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
        names = [field.name for field in fields(cls)]
        read = {name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in names}
        own = read["transition"]
        curves = ratio_curves(read["curves"], options["dense"], options["base"])
        if (
            "horizon" in curves
        ):  # whose values are those asked for, the nearest whole number of steps to which is trained
            longest = curves.groupby("horizon")["tokens"].transform("max")
            curves = curves[longest == options["tokens"]]
        return cls(**read | {"transition": own[own["tokens"] == options["tokens"]], "curves": curves})


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, where ``cells.csv`` and ``curves.csv`` are.

    Raises:
        PhasemixError: nothing is asked about the dense source.
    """
    table = ratio_cells(pd.read_csv(folder / "cells.csv", dtype={"size": str}), options["dense"], options["base"])
    write_from(table, people_table(cells, options["dense"], options["questions"]), options, folder)


def write_from(table: pd.DataFrame, people: pd.DataFrame, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above, made of the first two of them."""
    write_csv(folder / "transition.csv", table)
    write_parquet(folder / "people.parquet", people)
    write_csv(folder / "growth.csv", growth(table, options["confidence"]))
    write_csv(folder / "exposures.csv", equal_exposures(table, options["confidence"]))
    table, people = (each[each["tokens"] == options["tokens"]] for each in (table, people))
    resampling = {key: options[key] for key in ("bootstrap", "confidence", "seed")}
    accuracy, known = (Shares(table, people, share=share, **resampling) for share in ("accuracy", "known"))
    write_csv(folder / "accuracy.csv", share_intervals(accuracy, "accuracy"))
    write_csv(folder / "known.csv", share_intervals(known, "known"))
    write_csv(folder / "critical.csv", critical_points(accuracy, options["critical_accuracy"]))
    write_csv(folder / "shapes.csv", shapes_table(accuracy, table["floor"].max()))
    write_csv(folder / "ground.csv", ground(known))
    write_csv(folder / "a_table_1.csv", a_table_1(table))
    write_csv(folder / "a_table_2.csv", a_table_2(table))


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
