"""The tables of a test of the law that sees the cliff, from those of other experiments.

- ``runs.csv``: the cells of all experiments of ``measured`` as a table of runs (:mod:`phasemix.fitting.runs_table`),
  of the domains ``people`` and ``web``, which ``phasemix laws`` reads;
- ``parameters.csv``: those of the law fitted to all of them and to the groups of ``threshold``
  (:meth:`phasemix.fitting.law.Fit.parameters`);
- ``predictions.csv``: one row per ``scope``, what was ``held_out``, ``law`` and cell
  (:mod:`phasemix.experiments.cliff.comparisons`): the cell's columns, and ``recall_predicted``,
  ``dense_loss_predicted``, ``base_loss_predicted``, missing where a law says nothing of it;
- ``scores.csv``: one row per ``scope``, ``held_out``, ``size`` and ``law``: ``cells``, ``recall_error``, the mean
  distance between measured and predicted accuracies, and ``dense_loss_error``, ``base_loss_error``, mean and relative;
- ``critical.csv``: one row per ``scope``, ``law``, held-out larger ``size`` and ``people``: ``measured``, the ratio at
  which measured accuracy crosses ``critical_accuracy``, ``ratios``, how many tell, ``predicted``, and ``error``, how
  far that lies above as a share of it. Missing where either is off its grid.

Its options: ``measured``, ``threshold``, ``people`` and ``critical_accuracy`` as in the configuration; ``reads``, the
folders of the experiments' tables; ``seed`` of the fits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import crossing
from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.cliff.cells import groups_of, joined, read_cells, runs_of
from phasemix.experiments.cliff.comparisons import predictions, with_errors
from phasemix.laws import load_law

TABLES = ("scores", "predictions", "critical", "parameters")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    scores: pd.DataFrame
    predictions: pd.DataFrame
    critical: pd.DataFrame
    parameters: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(**{name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES})


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (it has no cells)
    """Write the tables above into ``folder``.

    Raises:
        PhasemixError: too few cells to hold any out.
    """
    tables = {name: Path(where) for name, where in options["reads"].items()}
    measured = read_cells(tables, options["measured"])
    groups = groups_of(tables[options["threshold"]]) if options["threshold"] else None
    if not (measured["people"] == options["people"]).any():
        raise PhasemixError(f"people: no cell has {options['people']}; there are {sorted(set(measured['people']))}")
    runs = runs_of(measured)
    write_csv(folder / "runs.csv", pd.DataFrame(runs.columns()))
    law = load_law("cliff").fit(runs if groups is None else joined(runs, groups), options["seed"])
    write_csv(folder / "parameters.csv", law.parameters())
    said, curves = predictions(measured, options["people"], options["seed"])
    write_csv(folder / "predictions.csv", said)
    write_csv(folder / "scores.csv", scores(said))
    write_csv(folder / "critical.csv", critical(measured, curves, options["critical_accuracy"]))


def scores(said: pd.DataFrame) -> pd.DataFrame:
    """``scores.csv``, of ``predictions.csv``."""
    grouped = with_errors(said).groupby(["scope", "held_out", "parameters", "size", "law"], sort=False)
    found = grouped.agg(
        cells=("accuracy", "size"),
        recall_error=("recall_error", "mean"),
        dense_loss_error=("dense_loss_error", "mean"),
        base_loss_error=("base_loss_error", "mean"),
    )
    return found.reset_index()


def critical(cells: pd.DataFrame, curves: pd.DataFrame, level: float) -> pd.DataFrame:
    """``critical.csv``: where measured and predicted accuracies cross a level."""
    measured = {}
    for (size, people), part in cells.groupby(["size", "people"]):
        line = part.groupby("ratio")["accuracy"].mean()
        measured[size, people] = (crossing(line.index.to_numpy(float), line.to_numpy(), level), len(line))
    rows = []
    for (scope, law, size, people), curve in curves.groupby(["scope", "law", "size", "people"], sort=False):
        at, count = measured[size, people]
        predicted = crossing(curve["ratio"].to_numpy(), curve["recall"].to_numpy(), level)
        at, predicted = (value if 0 < value < np.inf else np.nan for value in (at, predicted))
        row = {"scope": scope, "law": law, "size": size, "people": people, "measured": at, "ratios": count}
        rows.append({**row, "predicted": predicted, "error": predicted / at - 1})
    return pd.DataFrame(rows)
