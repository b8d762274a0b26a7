"""The tables of a study of random subsampling and compact knowledge mixing, from the generic ones.

- ``strategies.csv`` and ``means.csv``, see :mod:`phasemix.experiments.strategy_tables`;
- ``predicted.csv``: a row per size, ratio, ρ and τ: ``known`` that the learner of bounded capacity expects, and
  ``accuracy`` that the law cliff expects, which knows nothing of tuples; missing where nothing says. Along ρ also
  between the measured ones, for curves (``measured`` is false);
- ``best.json``: a list, by ``size`` and ``ratio`` with several ρ: of ``measured``, ``theory`` and ``cliff`` the
  ``subsampling`` that is best, and ``accuracy`` or ``known`` there. Of ``measured`` also ``least`` and ``most``, the
  ends of the tried ρ around it whose intervals of accuracy overlap its own; of the two that say what to expect,
  ``measured``, the accuracy that was measured there, between two ρ in proportion to log ρ. Null where nothing says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import pandas as pd

from phasemix.base.files import read_json, write_csv, write_json
from phasemix.base.json_rows import json_rows
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.cliff.cells import entropy
from phasemix.experiments.people_table import people_table
from phasemix.experiments.strategies.predictions import Expected, Place
from phasemix.experiments.strategy_tables import CELL, strategy_cells, strategy_means

TABLES = ("strategies", "means", "predicted")
CURVE = np.linspace(0.02, 1, 99)  # of ρ


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    strategies: pd.DataFrame
    means: pd.DataFrame
    predicted: pd.DataFrame
    best: list[dict[str, Any]]

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        read = {name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES}
        return cls(**read, best=read_json(folder / "best.json"))

    def along(self, axis: str) -> Iterator[tuple[tuple[str, float], pd.DataFrame]]:
        """The means by size and ratio, along ρ or τ with the other strategy left alone, where there are several."""
        other, alone = ("compact", 0) if axis == "subsampling" else ("subsampling", 1)
        own = self.means[self.means[other] == alone]
        for key, part in own.groupby(["parameters", "size", "ratio"]):
            _, size, ratio = cast("tuple[int, str, float]", key)
            if len(part) > 1:
                yield (size, ratio), part.sort_values(axis)


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, which holds the generic ones."""
    generic = pd.read_csv(folder / "cells.csv", dtype={"size": str})
    persons = people_table(cells, options["dense"], options["questions"])
    found = strategy_cells(generic, persons, options)
    write_from(found, Expected.read(options, entropy(folder)), options["confidence"], folder)


def write_from(found: pd.DataFrame, expected: Expected, confidence: float, folder: Path) -> None:
    """Write the tables above, made of the first of them and of what is expected."""
    means = strategy_means(found, confidence)
    write_csv(folder / "strategies.csv", found)
    write_csv(folder / "means.csv", means)
    write_csv(folder / "predicted.csv", predictions(means, found, expected))
    write_json(folder / "best.json", best(means, found, expected))


def predictions(means: pd.DataFrame, cells: pd.DataFrame, expected: Expected) -> pd.DataFrame:
    """``predicted.csv``."""
    measured = means[[*CELL, "parameters"]].assign(measured=True)
    lines = measured[(measured["compact"] == 0) & (measured["ratio"] > 0)].drop_duplicates(["size", "ratio"])
    between = lines.loc[lines.index.repeat(len(CURVE))].assign(subsampling=np.tile(CURVE, len(lines)), measured=False)
    table = pd.concat([measured[measured["ratio"] > 0], between], ignore_index=True)
    tuple_tokens = float(cells["tuple_tokens"].mean())
    rows = []
    for row in table.to_dict("records"):
        at = place(cells, row["size"], row["ratio"])
        known = expected.known(at, row["subsampling"], row["compact"], tuple_tokens)
        accuracy = None if row["compact"] else expected.accuracy(at, row["subsampling"])
        rows.append({**row, "known": known, "accuracy": accuracy})
    return pd.DataFrame(rows)


def best(means: pd.DataFrame, cells: pd.DataFrame, expected: Expected) -> list[dict[str, Any]]:
    """``best.json``."""
    found = []
    for key, part in means[means["compact"] == 0].groupby(["size", "ratio"], sort=False):
        size, ratio = cast("tuple[str, float]", key)
        if len(part) > 1:
            measured = best_measured(part)
            says = expected.best(place(cells, size, ratio))
            told = {
                name: {**said, "measured": measured_at(part, said["subsampling"])} if said else None
                for name, said in says.items()
            }
            found.append({"size": size, "ratio": ratio, "measured": measured, **told})
    return found


def best_measured(means: pd.DataFrame) -> dict[str, Any]:
    """The row of ``means.csv``, of some along ρ, with the highest accuracy, and which others may be as good."""
    line = means.sort_values("subsampling").reset_index(drop=True)
    at = int(line["accuracy"].to_numpy(float).argmax())
    top = line.loc[at]
    worse = line["accuracy_high"] < top["accuracy_low"]
    least, most = at, at
    while least > 0 and not worse[least - 1]:
        least -= 1
    while most < len(line) - 1 and not worse[most + 1]:
        most += 1
    ends = {"least": float(line["subsampling"][least]), "most": float(line["subsampling"][most])}
    known = pd.notna(top["accuracy_low"])  # one seed cannot tell
    columns = ["subsampling", "accuracy", "accuracy_low", "accuracy_high"]
    return json_rows(line.loc[[at], columns])[0] | (ends if known else dict.fromkeys(ends))


def measured_at(means: pd.DataFrame, subsampling: float) -> float | None:
    """The accuracy of the rows of ``means.csv`` at a ρ, between two of theirs in proportion to log ρ; None outside."""
    line = means.sort_values("subsampling")
    tried = line["subsampling"].to_numpy(float)
    if not tried[0] <= subsampling <= tried[-1]:
        return None
    return float(np.interp(np.log(subsampling), np.log(tried), line["accuracy"].to_numpy(float)))


def place(cells: pd.DataFrame, size: str, ratio: float) -> Place:
    """Where the cells of a size and a ratio are, whatever their strategy."""
    own = cells[cells["size"] == size]
    return Place(float(own["parameters"].iloc[0]), ratio, int(own["people"].iloc[0]), float(own["tokens"].max()))
