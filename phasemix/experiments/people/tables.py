"""The tables of a study of the number of people, from the generic tables of its cells and the answers.

- ``people.csv``: one row per run: columns of :func:`phasemix.analysis.ratio_tables.ratio_cells`, and ``people``, N;
- ``persons.parquet``: what every person is known by (:mod:`phasemix.experiments.people_table`), with ``people``, N;
- ``shares.csv``: ``accuracy`` and the share of all bits that is ``known``, by ``parameters``, ``size``, ``people`` and
  ``ratio``: means over ``seeds`` (so many) with their intervals, ``_low`` and ``_high``; also ``exposures``, ``load``
  (the share of the model's capacity, 2 bits per parameter, that all bits would fill) and ``floor``, the accuracy of
  guessing;
- ``critical_people.csv``: numbers of people at which accuracy falls through ``critical_accuracy``, at every size and
  ratio (:func:`phasemix.analysis.people_shares.critical_people`);
- ``critical_ratios.csv``: critical ratios of every ``size`` and ``people`` that have one, by ``share``, where
  ``accuracy`` crosses ``critical_accuracy`` and where half of all bits are ``known``: ``level``, ``parameters``,
  ``value``, ``low``, ``high``, ``standing``, ``seeds`` (:func:`phasemix.analysis.critical_points.critical_points`);
- ``shapes.csv``: a cliff or a curve along 1/N (:mod:`phasemix.experiments.people.shapes`).

Intervals are bootstrapped over people, with the noise between seeds (:mod:`phasemix.analysis.critical_points`).

Its options: ``dense``, from numbers of people (as text) to sources, and ``base``, the names of the sources;
``questions``, which questions count as accuracy (:data:`phasemix.study.cell.Counted`); ``critical_accuracy``;
``bootstrap``, ``confidence`` and ``seed`` of the intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.analysis.critical_points import Share, Shares, critical_points, share_intervals
from phasemix.analysis.people_shares import critical_people, shares_by_people
from phasemix.analysis.ratio_tables import ratio_cells
from phasemix.base.files import write_csv, write_parquet
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.people.shapes import shapes_table
from phasemix.experiments.people_table import people_table
from phasemix.theory.sized_learner import HALF

CELL = ["parameters", "size", "people", "ratio"]
TABLES = ("people", "shares", "critical_people", "critical_ratios", "shapes")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    people: pd.DataFrame
    shares: pd.DataFrame
    critical_people: pd.DataFrame
    critical_ratios: pd.DataFrame
    shapes: pd.DataFrame

    @property
    def sizes(self) -> list[str]:
        """The sizes, smallest first."""
        return self.people.sort_values("parameters")["size"].unique().tolist()

    @property
    def ratios(self) -> list[float]:
        """The mixing ratios, smallest first."""
        return sorted(self.people["ratio"].unique().tolist())

    @property
    def counts(self) -> list[int]:
        """The numbers of people, fewest first."""
        return sorted(self.people["people"].unique().tolist())

    @property
    def floors(self) -> pd.Series:
        """The accuracy of guessing, by the number of people."""
        return self.people.groupby("people")["floor"].max()

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(**{name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES})


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, where ``cells.csv`` is.

    Raises:
        PhasemixError: nothing is asked about one of the dense sources.
    """
    table = people_cells(pd.read_csv(folder / "cells.csv", dtype={"size": str}), options["dense"], options["base"])
    parts = []
    for people, source in options["dense"].items():
        keys = [key for key in cells.keys if dict(key.pairs)["people"] == int(people)]
        if keys:
            parts.append(people_table(replace(cells, keys=keys), source, options["questions"]))
    write_from(table, pd.concat([part for part in parts if len(part)], ignore_index=True), options, folder)


def people_cells(cells: pd.DataFrame, dense: Mapping[str, str], base: str) -> pd.DataFrame:
    """``cells.csv`` with one row per run, as ``people.csv`` has it."""
    parts = []
    for people, source in dense.items():
        own = cells[cells["people"] == int(people)].copy()  # in one piece, as pandas wants it where columns are many
        if len(own):
            part = ratio_cells(own, source, base)
            part.insert(2, "people", int(people))
            parts.append(part)
    return pd.concat(parts).sort_values(["parameters", "people", "ratio", "seed"], ignore_index=True)


def write_from(table: pd.DataFrame, persons: pd.DataFrame, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above, made of the first two of them."""
    write_csv(folder / "people.csv", table)
    write_parquet(folder / "persons.parquet", persons)
    resampling = {key: options[key] for key in ("bootstrap", "confidence", "seed")}
    accuracy, known = (shares_by_people(table, persons, share, **resampling) for share in ("accuracy", "known"))
    write_csv(folder / "shares.csv", share_means(table, {"accuracy": accuracy, "known": known}))
    write_csv(folder / "critical_people.csv", critical_people(accuracy, options["critical_accuracy"]))
    parts = [
        critical_ratios(accuracy, "accuracy", options["critical_accuracy"]),
        critical_ratios(known, "known", HALF),
    ]
    write_csv(folder / "critical_ratios.csv", pd.concat([part for part in parts if len(part)] or parts[:1]))
    write_csv(folder / "shapes.csv", shapes_table(accuracy, table.groupby("people")["floor"].max()))


def share_means(table: pd.DataFrame, shares: Mapping[Share, Mapping[int, Shares]]) -> pd.DataFrame:
    """``shares.csv``; cells of which every seed diverged are left out."""
    about = {name: (name, "mean") for name in ("exposures", "load", "floor")}
    cells = table[~table["diverged"]].groupby(CELL, as_index=False).agg(seeds=("seed", "count"), **about)
    for name, by_people in shares.items():
        found = pd.concat([share_intervals(data, name).assign(people=people) for people, data in by_people.items()])
        ends = {"low": f"{name}_low", "high": f"{name}_high"}
        cells = cells.merge(found.rename(columns=ends)[[*CELL, name, *ends.values()]], on=CELL)
    return cells


CRITICAL_RATIOS = [
    "share", "level", "size", "parameters", "people", "value", "low", "high", "standing", "seeds",
]  # fmt: skip


def critical_ratios(shares: Mapping[int, Shares], share: Share, level: float) -> pd.DataFrame:
    """The part of ``critical_ratios.csv`` about one share."""
    parts = []
    for people, data in shares.items():
        found = critical_points(data, level).query("kind == 'ratio' and standing != 'none'").astype({"parameters": int})
        parts.append(found.assign(share=share, level=level, people=people)[CRITICAL_RATIOS])
    return pd.concat(parts).sort_values(["parameters", "people"], ignore_index=True)
