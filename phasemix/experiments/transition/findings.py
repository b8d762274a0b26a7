"""What a transition study measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds

- ``sizes`` and ``ratios``: those of the grid, smallest first, the ratios above 0;
- ``accuracies``: of every size at every ratio, in that order: ``size``, ``parameters``, ``ratio``, ``seeds`` (how
  many), ``accuracy`` (mean over people and seeds) with its interval, ``low`` and ``high``. Cells of which every seed
  diverged are left out;
- ``critical_ratios``: of every size, smallest first: ``size``, ``parameters``, ``value``, ``low``, ``high``;
  and ``critical_sizes``: of every ratio, smallest first: ``ratio``, ``value`` (parameters), ``low``, ``high``. Points
  are numbers on the grid, ``"below the grid"`` or ``"above the grid"``; those unknown are left out;
- ``loss_falls``: of every size whose critical ratio lies on the grid: ``size``, ``critical_ratio``, the ``ratios`` of
  the grid and ``falls``, how far the loss on the dense source falls from one ratio to the next, in nats per token
  and unit of ln r, mean over seeds;
- ``attributes``: over the ``cells`` (so many) whose accuracy lies within ``accuracy_range``, in which attributes can
  be told apart: by attribute, its ``mean`` accuracy, and how far it lies above the mean of the others,
  ``difference``, with its interval over people, ``low`` and ``high``. Null without such cells, or if there
  are no two attributes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import percentile_interval
from phasemix.analysis.ratio_tables import CELL, attributes_of
from phasemix.base.seeds import generator
from phasemix.base.spelling import to_json

ACCURACY_RANGE = (0.05, 0.95)  # of the cells in which attributes can be told apart


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    table, accuracy, critical = (
        pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in ("transition", "accuracy", "critical")
    )
    sizes = table.sort_values("parameters")["size"].unique()
    ratios = np.sort(table.loc[table["ratio"] > 0, "ratio"].unique())
    return {
        "sizes": sizes.tolist(),
        "ratios": ratios.tolist(),
        "accuracies": accuracy.to_dict("records"),
        "critical_ratios": _points(critical, "ratio", ["size", "parameters"]),
        "critical_sizes": _points(critical, "size", ["ratio"]),
        "loss_falls": loss_falls(table, critical),
        "attributes": attribute_means(table, pd.read_parquet(folder / "people.parquet"), options),
    }


def loss_falls(table: pd.DataFrame, critical: pd.DataFrame) -> list[dict[str, Any]]:
    """Where the loss on the dense source falls, size by size."""
    cells = table[~table["diverged"] & (table["ratio"] > 0)]
    on_grid = critical[(critical["kind"] == "ratio") & (critical["standing"] == "on")].sort_values("parameters")
    found = []
    for size, value in zip(on_grid["size"].tolist(), on_grid["value"].tolist(), strict=True):
        line = cells[cells["size"] == size].groupby("ratio")["dense_loss"].mean().sort_index()
        ratios = line.index.to_numpy(float)
        falls = -np.diff(line.to_numpy()) / np.diff(np.log(ratios))
        found.append({"size": size, "critical_ratio": value, "ratios": ratios.tolist(), "falls": falls.tolist()})
    return found


def attribute_means(table: pd.DataFrame, people: pd.DataFrame, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """How well each attribute is recalled, and how far above or below the others."""
    attributes = attributes_of(table)
    cells = table[table["accuracy"].between(*ACCURACY_RANGE)][CELL]
    if cells.empty or len(attributes) < 2:
        return None
    people = people.merge(cells, on=CELL)
    people = people.assign(share=people["correct"] / people["asked"])
    by_person = people.pivot_table(index="person", columns="attribute", values="share")[attributes]
    found = {}
    for attribute in attributes:
        others = by_person.drop(columns=attribute).mean(axis=1)
        difference = (by_person[attribute] - others).to_numpy()
        rng = generator(f"{attribute.replace('_', ' ')} bootstrap")
        resamples = rng.integers(len(difference), size=(options["bootstrap"], len(difference)))
        low, high = percentile_interval(difference[resamples].mean(axis=1), options["confidence"])
        mean = float(by_person[attribute].mean())
        found[attribute] = {"mean": mean, "difference": float(difference.mean()), "low": low, "high": high}
    return {"accuracy_range": list(ACCURACY_RANGE), "cells": len(cells), "by_attribute": found}


def _points(critical: pd.DataFrame, kind: str, where: list[str]) -> list[dict[str, Any]]:
    """The known critical points of one kind, in order of the other axis."""
    known = critical[(critical["kind"] == kind) & critical["value"].notna()]
    return [
        {name: row[name] for name in where} | {name: to_json(row[name]) for name in ("value", "low", "high")}
        for row in known.sort_values(where[-1]).to_dict("records")
    ]
