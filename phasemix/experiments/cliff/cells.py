"""The cells of other experiments as runs that mixing laws are fitted on.

Cells of any number of people are runs of two domains, ``web`` and ``people``, whose facts are so many bits.
In a study of the threshold frequency every group of people is a domain of facts of its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.experiments.by_people import runs_by_people
from phasemix.fitting.runs import Runs

WEB, PEOPLE = "web", "people"
COLUMNS = [
    "experiment",
    "size",
    "parameters",
    "people",
    "ratio",
    "seed",
    "tokens",
    "accuracy",
    "dense_loss",
    "base_loss",
]


def read_cells(tables: Mapping[str, Path], measured: Sequence[str]) -> pd.DataFrame:
    """One row per cell that did not diverge and reads both sources, to its experiment's own horizon.

    Columns ``COLUMNS``, and ``bits``: the entropy of all that is told of all people.
    """
    parts = []
    for name in measured:
        folder = tables[name]
        runs = runs_by_people(folder)
        runs = runs[~runs["diverged"] & (runs["ratio"] > 0) & (runs["ratio"] < 1)]
        parts.append(runs.assign(experiment=name)[COLUMNS].assign(bits=runs["people"] * entropy(folder)))
    return pd.concat(parts, ignore_index=True)


def entropy(folder: Path) -> float:
    """Of all that is told of one person, in bits, from the generic table of an experiment's cells."""
    cells = pd.read_csv(folder / "cells.csv")
    columns = [name for name in cells.columns if str(name).startswith("entropy.") and str(name).count(".") == 1]
    return float(np.nanmean(cells[columns].to_numpy(float)))


def runs_of(cells: pd.DataFrame) -> Runs:
    """The cells of :func:`read_cells` as runs of ``people`` and ``web``."""
    ratio, count = cells["ratio"].to_numpy(float), len(cells)
    nothing = np.zeros(count)
    return Runs(
        names_of(cells),
        (PEOPLE, WEB),
        np.stack([ratio, 1 - ratio], axis=1),
        (PEOPLE, WEB),
        cells[["dense_loss", "base_loss"]].to_numpy(float),
        size=cells["parameters"].to_numpy(float),
        step=cells["tokens"].to_numpy(float),
        facts=np.stack([cells["bits"].to_numpy(float), nothing], axis=1),
        recall=np.stack([cells["accuracy"].to_numpy(float), np.full(count, np.nan)], axis=1),
    )


def names_of(cells: pd.DataFrame) -> np.ndarray:
    """A name for every cell."""
    columns = cells[["experiment", "size", "people", "ratio", "seed"]].astype(str)
    return columns.agg(" ".join, axis=1).to_numpy(dtype=object)


def groups_of(folder: Path) -> Runs:
    """The runs of a study of the threshold frequency: ``web``, and a domain of facts for every group of people.

    What the loss on one group alone is nobody measured, so the web's is the only one.
    """
    groups = pd.read_csv(folder / "groups.csv", dtype={"size": str})
    cells = pd.read_csv(folder / "cells.csv", dtype={"size": str})
    cells = cells[~cells["diverged"] & (cells["ratio"] > 0)]
    numbers = sorted(groups["group"].unique())
    dense = next(str(name) for name in cells.columns if str(name).startswith("subjects.")).removeprefix("subjects.")
    mixed = [str(name).removeprefix("mix.") for name in cells.columns if str(name).startswith("mix.")]
    web = next(name for name in mixed if name != dense)
    members = float(cells[f"subjects.{dense}"].max()) / len(numbers)
    bits, count = members * entropy(folder), len(cells)
    mixture, recall = np.zeros((count, 1 + len(numbers))), np.full((count, 1 + len(numbers)), np.nan)
    for i, cell in enumerate(cells.to_dict("records")):
        own = groups[(groups["size"] == cell["size"]) & (groups["seed"] == cell["seed"])].sort_values("group")
        mixture[i, 1:] = own["frequency"] * members
        recall[i, 1:] = own["accuracy"]
    mixture[:, 0] = 1 - mixture[:, 1:].sum(axis=1)
    facts = np.zeros_like(mixture)
    facts[:, 1:] = bits
    names = cells[["size", "ratio", "seed"]].astype(str).agg(" ".join, axis=1).to_numpy(dtype=object)
    return Runs(
        names,
        (WEB, *(f"group-{number}" for number in numbers)),
        mixture,
        (WEB,),
        cells[[f"loss.{web}"]].to_numpy(float),
        size=cells["parameters"].to_numpy(float),
        step=cells["tokens"].to_numpy(float),
        facts=facts,
        recall=recall,
    )


def joined(one: Runs, other: Runs) -> Runs:
    """Runs of different domains as one table: what is not in a run has no proportion, facts or answers there.

    Losses that nobody measured are not numbers; the law that sees the cliff leaves them out.
    """
    domains = (*one.domains, *(name for name in other.domains if name not in one.domains))
    targets = (*one.targets, *(name for name in other.targets if name not in one.targets))
    parts = {
        "mixture": (domains, 0.0),
        "facts": (domains, 0.0),
        "recall": (domains, np.nan),
        "loss": (targets, np.nan),
    }
    columns: dict[str, Any] = {}
    for name, (wanted, empty) in parts.items():
        found = []
        for runs in (one, other):
            there = runs.targets if name == "loss" else runs.domains
            values = np.full((len(runs), len(wanted)), empty)
            values[:, [wanted.index(each) for each in there]] = getattr(runs, name)
            found.append(values)
        columns[name] = np.concatenate(found)
    for name in ("run", "size", "step"):
        columns[name] = np.concatenate([getattr(each, name) for each in (one, other)])
    return Runs(domains=domains, targets=targets, **columns)
