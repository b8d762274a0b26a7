"""The tables of the meeting of the two papers, from the generic ones.

- ``cells_with_facts.csv``: a row per cell that did not diverge, as :mod:`phasemix.experiments.cliff.cells` has them:
  ``dense_loss`` is the loss on the facts, ``base_loss`` the mean over the domains of text, ``accuracy`` that of recall,
  ``bits`` all that is told;
- ``said.csv``: a row per ``law``, what was ``held_out`` and cell: the cell's columns, and ``recall_predicted``,
  ``dense_loss_predicted``, ``base_loss_predicted``, missing where a law says nothing of it. ``held_out`` is ``nothing``
  where the law was fitted on all cells, or what :mod:`phasemix.experiments.cliff.comparisons` holds out;
- ``scores.csv``: of these, mean distances by ``held_out`` and ``law``: ``cells``, ``recall_error``,
  ``dense_loss_error``, ``base_loss_error``;
- ``critical.csv``: a row per size: ``critical``, the ratio at which accuracy crosses the level of the options,
  ``below`` and ``above``, the ratios of the grid between which that is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import crossing
from phasemix.base.files import write_csv
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.cliff.cells import entropy, runs_of
from phasemix.experiments.cliff.comparisons import CLIFF, SIGMOID, SMOOTH, HeldOut, fit_law, held_out, with_errors
from phasemix.fitting.law import LawError

TABLES = ("cells_with_facts", "said", "scores", "critical")
NOTHING = "nothing"
ROUNDING = 1e-9  # of a critical ratio that is one of the grid
ERRORS = ("recall_error", "dense_loss_error", "base_loss_error")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    cells_with_facts: pd.DataFrame
    said: pd.DataFrame
    scores: pd.DataFrame
    critical: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(**{name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES})

    @property
    def sizes(self) -> list[str]:
        """Small to large."""
        return self.cells_with_facts.sort_values("parameters")["size"].drop_duplicates().tolist()


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (their tables are in folder)
    """Write the tables above into ``folder``, which holds the generic ones."""
    found = read_cells(folder, options)
    said = predictions(found, options["seed"])
    write_csv(folder / "cells_with_facts.csv", found)
    write_csv(folder / "said.csv", said)
    write_csv(folder / "scores.csv", scores(said))
    write_csv(folder / "critical.csv", critical(found, options["critical_accuracy"]))


def read_cells(folder: Path, options: Mapping[str, Any]) -> pd.DataFrame:
    """``cells_with_facts.csv``, from the generic table of cells."""
    cells = pd.read_csv(folder / "cells.csv", dtype={"size": str})
    cells = cells[~cells["diverged"]]
    dense, domains = options["dense"], options["domains"]
    people = cells[f"subjects.{dense}"].astype(int)
    return pd.DataFrame(
        {
            "experiment": folder.name,
            **{name: cells[name] for name in ("size", "parameters")},
            "people": people,
            **{name: cells[name] for name in ("ratio", "seed", "tokens")},
            "accuracy": cells[f"accuracy.{dense}"],
            "dense_loss": cells[f"loss.{dense}"],
            "base_loss": cells[[f"loss.{domain}" for domain in domains]].mean(axis=1),
            "bits": people * entropy(folder),
        }
    ).sort_values(["parameters", "ratio", "seed"], ignore_index=True)


def predictions(cells: pd.DataFrame, seed: int) -> pd.DataFrame:
    """``said.csv``: laws fitted on all cells, and asked about cells that were held out."""
    rows = []
    for case in _cases(cells):
        for law in (CLIFF, SIGMOID, *SMOOTH):
            try:
                said = fit_law(law, runs_of(cells[case.fit]), seed)(runs_of(cells[case.ask]))
            except LawError:
                continue
            asked = cells[case.ask].assign(law=law, held_out=case.kind)
            rows.append(asked.assign(**{f"{column}_predicted": values for column, values in said.items()}))
    return pd.concat(rows, ignore_index=True)


def _cases(cells: pd.DataFrame) -> Iterator[HeldOut]:
    every = np.ones(len(cells), bool)
    yield HeldOut(NOTHING, np.nan, every, every)
    yield from held_out(cells)


def scores(said: pd.DataFrame) -> pd.DataFrame:
    """``scores.csv``, of ``said.csv``."""
    grouped = with_errors(said).groupby(["held_out", "law"], sort=False)
    return grouped.agg(cells=("accuracy", "size"), **{name: (name, "mean") for name in ERRORS}).reset_index()


def critical(cells: pd.DataFrame, level: float) -> pd.DataFrame:
    """``critical.csv``: where accuracies, means over seeds, cross a level."""
    rows = []
    for (_, size), part in cells.groupby(["parameters", "size"]):
        line = part.groupby("ratio")["accuracy"].mean()
        ratios = line.index.to_numpy(float)
        at = crossing(ratios, line.to_numpy(), level)
        between = 0 < at < np.inf
        rows.append(
            {
                "size": size,
                "critical": at if between else np.nan,
                "below": ratios[ratios < at * (1 - ROUNDING)].max() if between else np.nan,
                "above": ratios[ratios >= at * (1 - ROUNDING)].min() if between else np.nan,
            }
        )
    return pd.DataFrame(rows)
