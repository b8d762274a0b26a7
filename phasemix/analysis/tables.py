"""The tables of a transition study.

- ``<experiment>.csv``: a row a cell, columns :data:`phasemix.evaluation.evaluate_cell.COLUMNS`.
- ``<experiment>.people.parquet``: a row a cell, person and attribute: ``size``, ``ratio``,
  ``seed``, ``person``, ``attribute``, ``asked`` and ``correct`` (counts of questions). The
  bootstrap resamples its people. Diverged cells have no rows.
- ``<experiment>.curves.csv``: the evaluation points of every run: ``size``, ``ratio``, ``seed``,
  ``step``, ``tokens``, ``accuracy``, ``bio_loss``, ``web_loss``.
- ``<experiment>.facts.json``: what the report says of provenance and cost.
- ``<experiment>.a_table_1.csv`` and ``.a_table_2.csv``: the paper's tables in this study's scale.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv, write_json, write_parquet
from phasemix.evaluation.evaluate_cell import COLUMNS, counted
from phasemix.study.examination import Templates
from phasemix.tasks.synbio.people import ATTRIBUTES

CELL = ["size", "ratio", "seed"]


def transition_table(evaluations: list[Path]) -> pd.DataFrame:
    """The study's table from evaluation folders, by size, ratio, seed and tokens."""
    rows = [read_json(folder / "summary.json") for folder in evaluations]
    table = pd.DataFrame(rows)[[*COLUMNS]].astype({"diverged": bool})
    return table.sort_values(["parameters", "ratio", "seed", "tokens"], ignore_index=True)


def people_table(evaluations: list[Path], templates: Templates) -> pd.DataFrame:
    """Questions asked and answered exactly, by cell, person and attribute.

    Raises:
        PhasemixError: every cell diverged.
    """
    parts = []
    for folder in evaluations:
        summary = read_json(folder / "summary.json")
        if summary["diverged"]:
            continue
        recall = counted(pd.read_parquet(folder / "recall.parquet"), templates)
        questions = recall.groupby(["person", "attribute"], as_index=False)
        part = questions.agg(asked=("correct", "size"), correct=("correct", "sum"))
        for position, key in enumerate(CELL):
            part.insert(position, key, summary[key])
        parts.append(part)
    if not parts:
        raise PhasemixError("every cell of the study diverged: lower the peak learning rate")
    return pd.concat(parts, ignore_index=True)


def curves_table(runs: list[Path]) -> pd.DataFrame:
    """The evaluation points of the runs in the given run folders, diverged ones left out."""
    parts = []
    for folder in runs:
        manifest = read_json(folder / "manifest.json")
        if manifest["diverged_at"] is not None:
            continue
        cell = manifest["cell"]
        part = pd.read_csv(folder / "metrics.csv").dropna(subset=["accuracy"])
        part = part[["step", "tokens", "accuracy", "bio_loss", "web_loss"]]
        for position, key in enumerate(CELL):
            part.insert(position, key, cell[key])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def a_table_1(table: pd.DataFrame) -> pd.DataFrame:
    """A-Table 1: accuracy in per cent by size and ratio, mean and standard deviation over seeds (n − 1)."""
    cells = table[~table["diverged"]].assign(accuracy=lambda t: 100 * t["accuracy"])
    by_cell = cells.groupby(["parameters", "size", "ratio"], as_index=False)
    return by_cell.agg(accuracy_percent=("accuracy", "mean"), sd=("accuracy", "std"), seeds=("accuracy", "count"))


def a_table_2(table: pd.DataFrame) -> pd.DataFrame:
    """A-Table 2: accuracy in per cent by size, ratio and attribute, mean over seeds."""
    columns = [f"accuracy_{attribute}" for attribute in ATTRIBUTES]
    cells = table[~table["diverged"]].groupby(["parameters", "size", "ratio"])[columns].mean() * 100
    return cells.rename(columns=lambda name: name.removeprefix("accuracy_")).reset_index()


def study_facts(evaluations: list[Path], runs: list[Path], trunks: Sequence[Path] = ()) -> dict[str, Any]:
    """Provenance and cost of a study: what trained its cells, and how long it took.

    ``tokens`` counts those of every run, ``trained_tokens`` once those that several runs share.
    """
    manifests = [read_json(folder / "manifest.json") for folder in runs]
    shared = [read_json(folder / "manifest.json") for folder in trunks]
    timings = pd.DataFrame([read_json(folder / "summary.json") for folder in evaluations])
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
        "recipe": distinct("cell")[0]["recipe"],
        "data": distinct("data"),
        "git_commits": distinct("git_commit"),
        "versions": distinct("versions"),
        "processors": distinct("processor"),
        "gpus": distinct("gpus"),
    }


def write_tables(
    experiment: str, *, evaluations: list[Path], runs: list[Path], templates: Templates, folder: Path
) -> None:
    """Write all tables of an experiment into ``folder`` from its cells' evaluation and run folders."""
    table = transition_table(evaluations)
    write_csv(folder / f"{experiment}.csv", table)
    write_parquet(folder / f"{experiment}.people.parquet", people_table(evaluations, templates))
    write_csv(folder / f"{experiment}.curves.csv", curves_table(runs))
    write_csv(folder / f"{experiment}.a_table_1.csv", a_table_1(table))
    write_csv(folder / f"{experiment}.a_table_2.csv", a_table_2(table))
    write_json(folder / f"{experiment}.facts.json", study_facts(evaluations, runs))
