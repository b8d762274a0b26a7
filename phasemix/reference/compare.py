"""A run of one's own against the reference results: cell by cell and claim by claim, within seed noise or beyond.

The noise of a number is estimated from the reference's own seeds: the standard deviation over the seeds of a cell,
pooled over all cells that have several. Two runs of a cell differ by more than :data:`SIGMAS` × √2 of it by chance
in about one case in a hundred; where no cell has several seeds, the noise is not known and the table says so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.study.cell_key import SEED

SIGMAS = 2.576  # of a normal distribution: 99 %
COMPARED = ("accuracy.", "loss.")
PROVENANCE = ("data", "git_commits", "versions", "processors", "gpus")


@dataclass(frozen=True)
class Compared:
    """How an experiment's cells compare.

    Attributes:
        cells: one row per cell and number: the axes, ``number``, ``reference``, ``own``, ``noise`` (a standard
            deviation, NaN if unknown) and ``standing``: ``identical``, ``within seed noise``, ``beyond``, or ``noise
            unknown``.
        missing: cells of the reference that the own run has not, and the other way round, as lines.
    """

    cells: pd.DataFrame
    missing: list[str]


def compare_cells(own: Path, reference: Path) -> Compared:
    """Compare two ``cells.csv``.

    Raises:
        PhasemixError: one of them is not there, or they have no cell in common.
    """
    if not reference.is_file():
        raise PhasemixError(f"{reference}: is not there: no reference results of this experiment are kept")
    if not own.is_file():
        raise PhasemixError(f"{own}: is not there; run the experiment first (make reproduce)")
    theirs, ours = pd.read_csv(reference), pd.read_csv(own)
    axes = list(theirs.columns[: theirs.columns.get_loc("parameters")])
    numbers = [str(name) for name in theirs if name in ours and str(name).startswith(COMPARED)]
    both = theirs.merge(ours, on=axes, how="outer", suffixes=("", " own"), indicator=True)
    names = both[axes].astype(str).agg(", ".join, axis=1)
    missing = [f"{name}: in the reference only" for name in names[both["_merge"] == "left_only"]]
    missing += [f"{name}: in your run only" for name in names[both["_merge"] == "right_only"]]
    both = both[both["_merge"] == "both"]
    if both.empty:
        raise PhasemixError(f"{own}: has no cell in common with {reference}")
    parts = []
    for number in numbers:
        noise = seed_noise(theirs, axes, number)
        part = both[axes].assign(number=number, reference=both[number], own=both[f"{number} own"], noise=noise)
        parts.append(part.assign(standing=_standings(part["reference"], part["own"], noise)))
    return Compared(pd.concat(parts, ignore_index=True), missing)


def seed_noise(table: pd.DataFrame, axes: Sequence[str], number: str) -> float:
    """The standard deviation of a number over seeds, pooled over all cells that have several; NaN if none has."""
    others = [axis for axis in axes if axis != SEED]
    groups = table.dropna(subset=[number]).groupby(others)[number]
    variances, counts = groups.var(), groups.size()
    several = counts > 1
    if not several.any():
        return np.nan
    return float(np.sqrt(np.average(variances[several], weights=counts[several] - 1)))


def compare_facts(own: Path, reference: Path) -> list[str]:
    """What differs in how an experiment was run: its recipe, the data, the code and what computes; a line each."""
    ours, theirs = read_json(own), read_json(reference)
    pairs = {f"recipe.{name}": (ours["recipe"].get(name), value) for name, value in theirs["recipe"].items()}
    pairs |= {name: (ours[name], theirs[name]) for name in PROVENANCE}
    lines = []
    for name, (mine, other) in pairs.items():
        if mine != other and name == "data":
            lines.append("data: the corpora, the tokens or the tokenizer are others")
        elif mine != other:
            lines.append(f"{name}: {json.dumps(mine)}, reference {json.dumps(other)}")
    return lines


def compare_ledgers(own: Path, reference: Path) -> pd.DataFrame:
    """The claims judged by the same experiments whose verdict differs.

    Columns ``id``, ``reference``, ``own`` (verdicts), and both ``measured`` texts.
    """
    theirs, ours = (pd.read_csv(path).fillna("") for path in (reference, own))
    both = theirs.merge(ours, on=["id", "experiments"], suffixes=("", " own"))
    differs = both[both["verdict"] != both["verdict own"]]
    names = {"verdict": "reference", "verdict own": "own", "measured own": "measured (own)"}
    return differs[["id", "verdict", "verdict own", "measured", "measured own"]].rename(columns=names)


def describe(experiment: str, compared: Compared) -> str:
    """How an experiment compares, as text for a terminal: counts, then every number that is beyond."""
    cells = compared.cells
    counts = cells["standing"].value_counts()
    axes = list(cells.columns[: cells.columns.get_loc("number")])
    lines = [f"{experiment}: {len(cells[axes].drop_duplicates())} cells in common"]
    lines += [f"  {counts[standing]:5d} numbers {standing}" for standing in counts.index]
    beyond = cells[cells["standing"] == "beyond"]
    for row in beyond.to_dict("records"):
        where = ", ".join(f"{axis} {row[axis]}" for axis in axes)
        off = abs(row["own"] - row["reference"]) / (np.sqrt(2) * row["noise"]) if row["noise"] else np.inf
        numbers = f"{row['number']} {row['own']:.4g}, reference {row['reference']:.4g}"
        lines.append(f"  beyond: {where}: {numbers} ({off:.1f} σ)")
    return "\n".join([*lines, *(f"  {line}" for line in compared.missing)])


def _standings(reference: pd.Series, own: pd.Series, noise: float) -> np.ndarray:
    difference = (own - reference).abs().to_numpy()
    same = (difference == 0) | (reference.isna() & own.isna()).to_numpy()
    beyond = "noise unknown" if np.isnan(noise) else "beyond"
    within = difference <= SIGMAS * np.sqrt(2) * noise
    return np.where(same, "identical", np.where(within, "within seed noise", beyond))
