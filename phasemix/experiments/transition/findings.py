"""What a transition study measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds

- ``sizes`` and ``ratios``: those of the grid, smallest first, the ratios above 0; ``tokens``, the study's own horizon;
- ``accuracies`` and ``known``, at that horizon: of every size at every ratio, in that order: ``size``, ``parameters``,
  ``ratio``, ``seeds`` (how many), ``accuracy`` (mean over people and seeds), or the share of all bits that is
  ``known``, with its interval, ``low`` and ``high``. Cells of which every seed diverged are left out;
- ``critical_ratios``: of every size, smallest first: ``size``, ``parameters``, ``value``, ``low``, ``high``;
  and ``critical_sizes``: of every ratio, smallest first: ``ratio``, ``value`` (parameters), ``low``, ``high``. Points
  are numbers on the grid, ``"below the grid"`` or ``"above the grid"``; those unknown are left out;
- ``growth``: what every cell knows at every horizon, and its rise since the one before; ``exposures``: equal exposures
  at two ratios (:mod:`phasemix.analysis.growth`); ``shapes``: cliffs against curves
  (:mod:`phasemix.experiments.transition.shapes`); ``ground``: known bits below the critical ratio
  (:mod:`phasemix.analysis.ground`). What is missing in them is null;
- ``attributes``: over the ``cells`` (so many) whose accuracy lies within ``accuracy_range``, in which attributes can
  be told apart: by attribute, its ``mean`` accuracy, how far it lies above the mean of the others,
  ``difference``, with its interval over people, ``low`` and ``high``, and its ``entropy`` in bits. Null without such
  cells, or if there are no two attributes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.analysis.critical_points import percentile_interval
from phasemix.analysis.ratio_tables import CELL, attributes_of
from phasemix.base.json_rows import json_rows
from phasemix.base.seeds import generator
from phasemix.base.spelling import to_json
from phasemix.experiments.transition.tables import Tables

ACCURACY_RANGE = (0.05, 0.95)  # of the cells in which attributes can be told apart


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    people = pd.read_parquet(folder / "people.parquet")
    return {
        "sizes": tables.sizes,
        "ratios": tables.ratios,
        "tokens": options["tokens"],
        "accuracies": json_rows(tables.accuracy),
        "known": json_rows(tables.known),
        "critical_ratios": _points(tables.critical, "ratio", ["size", "parameters"]),
        "critical_sizes": _points(tables.critical, "size", ["ratio"]),
        **{name: json_rows(getattr(tables, name)) for name in ("growth", "exposures", "shapes", "ground")},
        "attributes": attribute_means(tables.transition, people, options),
    }


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
        found[attribute] = {
            "mean": float(by_person[attribute].mean()),
            "difference": float(difference.mean()),
            "low": low,
            "high": high,
            "entropy": float(people.loc[people["attribute"] == attribute, "entropy"].iloc[0]),
        }
    return {"accuracy_range": list(ACCURACY_RANGE), "cells": len(cells), "by_attribute": found}


def _points(critical: pd.DataFrame, kind: str, where: list[str]) -> list[dict[str, Any]]:
    """The known critical points of one kind, in order of the other axis."""
    known = critical[(critical["kind"] == kind) & critical["value"].notna()]
    return [
        {name: row[name] for name in where} | {name: to_json(row[name]) for name in ("value", "low", "high")}
        for row in known.sort_values(where[-1]).to_dict("records")
    ]
