"""The generic tables of an experiment's cells, from which every kind makes its own.

- ``cells.csv``: one row per cell: the axes of its key, ``parameters``, ``tokens`` trained on, ``diverged``,
  ``seconds``, ``mix.<source>``, ``epochs.<source>``, ``loss.<source>``, and of sources that are asked
  ``subjects.<source>``, ``accuracy.<source>``, ``accuracy.<source>.<attribute>``, ``floor.<source>``, and so on with
  ``within_accuracy``, ``answer_loss``, ``knowledge``, ``entropy`` and ``knowledge_floor``, and ``cloze.<source>`` of
  text that is asked for words (:mod:`phasemix.evaluation.evaluate_cell`). The axis ``tokens``, what a run was meant to
  be trained for, is the column ``horizon``.
- ``curves.csv``: one row per evaluation point of a run that did not diverge: the axes, ``step``, ``tokens``,
  ``loss.<source>``, ``accuracy.<source>`` and ``knowledge.<source>``.
- ``runs.csv``: the same points in the format of a table of runs, for mixing laws: ``run``, ``size`` (parameters),
  ``step`` (tokens trained on), ``mix.<source>`` and ``loss.<source>``.
- ``facts.json``: what the report says of provenance and cost.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv, write_json
from phasemix.study.cell_key import HORIZON, CellKey, Value

BY_SOURCE = (
    "mix", "epochs", "loss", "subjects", "accuracy", "within_accuracy", "floor", "answer_loss", "knowledge",
    "entropy", "knowledge_floor", "cloze",
)  # fmt: skip
SAME = 1e-9  # by which proportions may differ that are the same


@dataclass(frozen=True)
class Cells:
    """The cells of an experiment by their keys, and the folders below which their files stand."""

    keys: Sequence[CellKey]
    runs: Path
    evaluations: Path
    trunks: Path

    def run(self, key: CellKey) -> Path:
        """The folder of a cell's run."""
        return self.runs / key.format()

    def evaluation(self, key: CellKey) -> Path:
        """The folder of a cell's evaluation."""
        return self.evaluations / key.format()


def write_cells(cells: Cells, folder: Path) -> None:
    """Write the tables above into ``folder``.

    Raises:
        PhasemixError: every cell diverged.
    """
    table = cells_table(cells)
    if table["diverged"].all():
        raise PhasemixError("every cell of the experiment diverged: lower its peak learning rate")
    write_csv(folder / "cells.csv", table)
    curves = curves_table(cells)
    write_csv(folder / "curves.csv", curves.drop(columns=_of(curves, "mix")))
    write_csv(folder / "runs.csv", runs_table(table, curves))
    write_json(folder / "facts.json", facts(cells))


def cells_table(cells: Cells) -> pd.DataFrame:
    """One row per cell, by parameters and then in the order of the keys."""
    rows = []
    for key in cells.keys:
        summary = read_json(cells.evaluation(key) / "summary.json")
        row = {**_axes(key), **{name: summary[name] for name in ("parameters", "tokens", "diverged", "seconds")}}
        for what in BY_SOURCE:
            for source, value in (summary[what] or {}).items():
                values = value if isinstance(value, dict) else {"": value}
                row |= {f"{what}.{source}{'.' if part else ''}{part}": number for part, number in values.items()}
        rows.append(row)
    table = _axes_first(pd.DataFrame(rows), cells).astype({"diverged": bool})
    return table.sort_values("parameters", kind="stable", ignore_index=True)


def curves_table(cells: Cells) -> pd.DataFrame:
    """The evaluation points of the runs that did not diverge, with the proportions of the mixture at each."""
    parts = []
    for key in cells.keys:
        if read_json(cells.run(key) / "manifest.json")["diverged_at"] is not None:
            continue
        part = pd.read_csv(cells.run(key) / "metrics.csv")
        part = part.dropna(subset=_of(part, "loss"))
        part = part[["step", "tokens", *_of(part, "mix", "loss", "accuracy", "knowledge")]]
        for place, (axis, value) in enumerate(_axes(key).items()):
            part.insert(place, axis, value)
        parts.append(part)
    return _axes_first(pd.concat(parts, ignore_index=True), cells)


def runs_table(table: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """The evaluation points as a table of runs; mixtures that changed on the way are not in it.

    A mixture is constant if at every point it is what was read in the whole run. A run's name are the values of its
    axes; not all cells of an experiment need have the same.
    """
    axes = [str(name) for name in curves.columns[: curves.columns.get_loc("step")]]
    mixes = _of(curves, "mix")
    read_none = dict.fromkeys(mixes, 0.0)  # of a source that other cells read
    table, curves = table.fillna(read_none), curves.fillna(read_none)
    whole = curves[axes].merge(table[[*axes, "parameters", *mixes]], on=axes, how="left")
    found = curves.assign(
        run=curves[axes].astype(str).apply(lambda values: " ".join(values.dropna()), axis=1),
        step=curves["tokens"],
        size=whole["parameters"],
    )
    constant = np.isclose(curves[mixes], whole[mixes], rtol=0, atol=SAME).all(axis=1)
    constant = pd.Series(constant, index=found.index).groupby(found["run"]).transform("all")
    return found.loc[constant, ["run", "size", "step", *mixes, *_of(curves, "loss")]]


def _axes(key: CellKey) -> dict[str, Value]:
    """The values of a key by column."""
    return {"horizon" if axis == HORIZON else axis: value for axis, value in key.pairs}


def _axes_first(table: pd.DataFrame, cells: Cells) -> pd.DataFrame:
    """The same table with the axes of all cells before its other columns."""
    axes = list(dict.fromkeys(axis for key in cells.keys for axis in _axes(key)))
    return table[[*axes, *(name for name in table.columns if name not in axes)]]


def _of(table: pd.DataFrame, *kinds: str) -> list[str]:
    """The columns of these kinds, such as ``loss.<source>``, in their order."""
    return [name for name in map(str, table.columns) if name.partition(".")[0] in kinds and "." in name]


def facts(cells: Cells) -> dict[str, Any]:
    """Provenance and cost of an experiment: what trained its cells, and how long it took.

    ``tokens`` counts those of every run, ``trained_tokens`` once those that several runs share. What the recipes of
    cells do not share is a list in ``recipe``. Where prompts were also spelled as within a text, ``spelling`` has by
    source the mean accuracy of cells asked as at a text's ``start`` and ``within`` one, and by how much a cell differs
    at ``most``.
    """
    manifests = [read_json(cells.run(key) / "manifest.json") for key in cells.keys]
    recipes = [manifest["cell"]["recipe"] for manifest in manifests]
    links = [cells.trunks / key.format() / "manifest.json" for key in cells.keys if key.horizon is not None]
    shared = [read_json(path) for path in links]
    summaries = [read_json(cells.evaluation(key) / "summary.json") for key in cells.keys]
    timings = pd.DataFrame(summaries)
    evaluating = timings["curve_seconds"].sum() + timings["evaluation_seconds"].sum()
    everything = timings["seconds"].sum() + timings["evaluation_seconds"].sum()

    def distinct(key: str) -> list[Any]:
        return list({json.dumps(manifest[key]): manifest[key] for manifest in manifests}.values())

    return {
        "cells": len(manifests),
        "diverged": sum(manifest["diverged_at"] is not None for manifest in manifests),
        "resumed": sum(bool(manifest["resumed_from"]) for manifest in manifests),
        "tokens": sum(manifest["tokens"] for manifest in manifests),
        "trained_tokens": sum(manifest["trained_tokens"] for manifest in manifests + shared),
        "core_hours": float(sum(m["seconds"] * m["threads"] * m["processes"] for m in manifests + shared) / 3600),
        "evaluation_share": float(evaluating / everything),
        "spelling": spelling(summaries),
        "recipe": {name: _one_or_all([recipe[name] for recipe in recipes]) for name in recipes[0]},
        "data": distinct("data"),
        "git_commits": distinct("git_commit"),
        "versions": distinct("versions"),
        "processors": distinct("processor"),
        "gpus": distinct("gpus"),
    }


def spelling(summaries: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Accuracies by source of cells that were asked in both spellings, as :func:`facts` says."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for summary in summaries:
        for source, within in (summary["within_accuracy"] or {}).items():
            pairs.setdefault(source, []).append((summary["accuracy"][source][""], within[""]))
    return {
        source: {
            "start": float(np.mean([start for start, _ in found])),
            "within": float(np.mean([within for _, within in found])),
            "most": max(abs(start - within) for start, within in found),
        }
        for source, found in pairs.items()
    }


def _one_or_all(values: Sequence[Any]) -> Any:
    """The value that all have, or the list of all different ones."""
    found = list({json.dumps(value): value for value in values}.values())
    return found[0] if len(found) == 1 else found
