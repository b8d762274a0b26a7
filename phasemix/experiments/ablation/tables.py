"""The tables of an ablation, from the generic ones.

- ``ablation.csv``: a row per cell: ``size``, ``ratio``, ``batch_size``, ``peak_learning_rate``, ``schedule``, ``seed``,
  ``axis`` (the part of the recipe that is varied; empty for the recipe itself), ``exposures``, ``accuracy``, ``floor``
  (the accuracy of guessing), ``base_loss``, ``diverged``;
- ``means.csv``: a row per variant and ratio, over the seeds that did not diverge: ``axis``, ``value`` (what the part is
  then; empty for the recipe), ``ratio``, ``seeds``, ``diverged`` (how many did), ``exposures``, ``floor``,
  ``accuracy``, ``accuracy_low``, ``accuracy_high`` (Student's over seeds), ``base_loss``;
- ``frequency.csv``: a row per seed: mean distances of accuracies between cells of different batch size, ``per_token``
  with the same ratio, so that a fact has the same frequency per token, and ``per_step`` with the same product of ratio
  and batch size, so that it has the same frequency per optimizer step; ``per_ratio``, between cells of the same batch
  size whose ratios are as far apart as some batch sizes are; ``token_pairs``, ``step_pairs`` and ``ratio_pairs``, how
  many.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.seed_intervals import columns, share_interval
from phasemix.base.files import write_csv
from phasemix.experiments.ablation.spec import AXES
from phasemix.experiments.cells_table import Cells

TABLES = ("ablation", "means", "frequency")
PAIRS = ("token", "step", "ratio")  # of cells, by what is the same or as far apart
DIGITS = 6  # of factors that are the same


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    ablation: pd.DataFrame
    means: pd.DataFrame
    frequency: pd.DataFrame
    usual: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        read = {
            name: pd.read_csv(folder / f"{name}.csv", dtype=dict.fromkeys(("size", "axis", "value"), str))
            for name in TABLES
        }
        return cls(
            **{name: table.fillna({"axis": "", "value": ""}) for name, table in read.items()}, usual=options["usual"]
        )

    def variants(self, axis: str) -> list[tuple[str, pd.DataFrame]]:
        """The values of a part of the recipe in order, with their means over ratios; the recipe's own among them."""
        own = self.means[self.means["axis"] == axis]
        found = [(str(self.usual[axis]), self.means[self.means["axis"] == ""])]
        found += [(str(value), part) for value, part in own.groupby("value", sort=False)]
        return sorted(found, key=lambda pair: _order(pair[0]))


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (their tables are in folder)
    """Write the tables above into ``folder``, which holds the generic ones."""
    write_from(pd.read_csv(folder / "cells.csv", dtype={"size": str}), options, folder)


def write_from(cells: pd.DataFrame, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above, made of ``cells.csv``."""
    found = ablation_cells(cells, options)
    write_csv(folder / "ablation.csv", found)
    write_csv(folder / "means.csv", variant_means(found, options["confidence"]))
    write_csv(folder / "frequency.csv", frequency(found))


def ablation_cells(cells: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``ablation.csv``."""
    dense, base, usual = options["dense"], options["base"], options["usual"]
    changed = pd.DataFrame({axis: cells[axis] != usual[axis] for axis in AXES})
    names = {f"epochs.{dense}": "exposures", f"accuracy.{dense}": "accuracy", f"floor.{dense}": "floor"}
    names |= {f"loss.{base}": "base_loss"}
    table = cells.rename(columns=names).assign(axis=changed.apply(lambda row: "".join(row.index[row]), axis=1))
    order = ["size", "ratio", *AXES, "seed", "axis", *names.values(), "diverged"]
    return table[order].sort_values(["axis", *AXES, "ratio", "seed"], ignore_index=True)


def variant_means(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """``means.csv``."""
    rows = []
    for (axis, *values, ratio), part in cells.groupby(["axis", *AXES, "ratio"]):
        good = part[~part["diverged"]]
        rows.append(
            {
                "axis": axis,
                "value": values[AXES.index(axis)] if axis else "",
                "ratio": ratio,
                "seeds": len(good),
                "diverged": len(part) - len(good),
                "exposures": part["exposures"].mean(),
                "floor": good["floor"].mean(),
                **columns("accuracy", share_interval(good["accuracy"].to_numpy(), confidence)),
                "base_loss": good["base_loss"].mean(),
            }
        )
    return pd.DataFrame(rows)


def frequency(cells: pd.DataFrame) -> pd.DataFrame:
    """``frequency.csv``."""
    rows = []
    own = cells[cells["axis"].isin(["", "batch_size"]) & ~cells["diverged"]]
    for seed, part in own.groupby("seed"):
        apart: dict[str, list[float]] = {name: [] for name in PAIRS}
        factors = {_factor(*pair) for pair in combinations(part["batch_size"].unique().tolist(), 2)}
        for one, other in combinations(part.to_dict("records"), 2):
            ratios, batches = (_factor(one[name], other[name]) for name in ("ratio", "batch_size"))
            per_step = _factor(*(each["ratio"] * each["batch_size"] for each in (one, other)))
            for name, alike in (
                ("token", batches > 1 and ratios == 1),
                ("step", batches > 1 and per_step == 1),
                ("ratio", batches == 1 and ratios in factors),
            ):
                if alike:
                    apart[name].append(abs(one["accuracy"] - other["accuracy"]))
        if all(apart.values()):
            distances = {f"per_{name}": float(np.mean(found)) for name, found in apart.items()}
            counts = {f"{name}_pairs": len(found) for name, found in apart.items()}
            rows.append({"seed": seed, **distances, **counts})
    names = [f"per_{name}" for name in PAIRS] + [f"{name}_pairs" for name in PAIRS]
    return pd.DataFrame(rows, columns=["seed", *names])


def _factor(one: float, other: float) -> float:
    """How many times the smaller the larger is; the same number for the same factor."""
    return round(max(one, other) / min(one, other), DIGITS)


def _order(value: str) -> tuple[float, str]:
    """Numbers by size, words as they are."""
    try:
        return float(value), ""
    except ValueError:
        return 0.0, value
