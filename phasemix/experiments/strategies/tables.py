"""The tables of a study of random subsampling and compact knowledge mixing, from the generic ones.

- ``strategies.csv``: a row per cell that did not diverge: ``size``, ``parameters``, ``ratio``, ``subsampling`` (ρ),
  ``compact`` (τ), ``seed``, ``tokens``, ``people`` (how many are asked about) and ``shown`` (how many training shows),
  ``accuracy`` on all of them, ``accuracy_shown`` and ``accuracy_left_out`` (missing where nobody is left out),
  ``floor``, ``known`` (bits about those shown, as a share of all bits), ``exposures`` of a person shown, in biographies
  and tuples, ``tuple_tokens`` (of a tuple; missing without), ``web_loss``;
- ``means.csv``: a row per size, ratio, ρ and τ, over seeds (their number is ``seeds``): ``people``, ``floor``,
  ``exposures``, ``tokens`` (fewer where runs stopped early), ``accuracy_shown``, ``accuracy_left_out``, and with
  intervals (``…_low``, ``…_high``) ``accuracy``, ``known``, ``gain`` (of accuracy over the cells of the same size and
  ratio without a strategy), ``web_rise`` (of the web loss, over cells of ratio 0 of the same size) and ``web_more`` (of
  the web loss, over the same ratio without a strategy); ``frequency``, how many times as often per token a person who
  is shown is shown as without a strategy. What has nothing to be compared with is missing;
- ``predicted.csv``: a row per size, ratio, ρ and τ: ``known`` that the learner of bounded capacity expects, and
  ``accuracy`` that the law cliff expects, which knows nothing of tuples; missing where nothing says. Along ρ also
  between the measured ones, for curves (``measured`` is false);
- ``best.json``: a list, by ``size`` and ``ratio`` with several ρ: of ``measured``, ``theory`` and ``cliff`` the
  ``subsampling`` that is best, and ``accuracy`` or ``known`` there; null where nothing says.

Intervals over seeds are Student's; of differences, Welch's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import pandas as pd

from phasemix.analysis.seed_intervals import columns, difference_interval, mean_interval, share_interval
from phasemix.base.files import read_json, write_csv, write_json
from phasemix.base.json_rows import json_rows
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.cliff.cells import entropy
from phasemix.experiments.people_table import people_table
from phasemix.experiments.strategies.predictions import Expected, Place
from phasemix.tasks.synbio.subsampling import shown_people

CELL = ["size", "ratio", "subsampling", "compact"]
TABLES = ("strategies", "means", "predicted")
ABOUT = ("people", "floor", "tokens", "exposures", "accuracy_shown", "accuracy_left_out")
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


def strategy_cells(cells: pd.DataFrame, persons: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``strategies.csv``, from the generic table of cells and that of people."""
    cells = cells[~cells["diverged"]]
    dense, tuples, base = (options[name] for name in ("dense", "tuples", "base"))
    of_person = persons.groupby([*CELL, "seed", "person"], as_index=False)[
        ["asked", "correct", "knowledge", "entropy"]
    ].sum()
    rows = []
    for cell in cells.to_dict("records"):
        own = of_person[(of_person[[*CELL, "seed"]] == [cell[name] for name in (*CELL, "seed")]).all(axis=1)]
        people = int(cell[f"subjects.{dense}"])
        shown = shown_people(people, cell["subsampling"])
        there = own["person"] < shown
        share = own["correct"].to_numpy() / own["asked"].to_numpy()
        mixed = cell["compact"] > 0
        tuple_exposures = cell[f"epochs.{tuples}"] if mixed else 0.0
        rows.append(
            {
                **{name: cell[name] for name in ("size", "parameters", *CELL[1:], "seed", "tokens")},
                "people": people,
                "shown": shown,
                "accuracy": cell[f"accuracy.{dense}"],
                "accuracy_shown": share[there].mean(),
                "accuracy_left_out": share[~there].mean() if (~there).any() else np.nan,
                "floor": cell[f"floor.{dense}"],
                "known": own.loc[there, "knowledge"].sum() / own["entropy"].sum(),
                "exposures": cell[f"epochs.{dense}"] + tuple_exposures,
                "tuple_tokens": cell[f"mix.{tuples}"] * cell["tokens"] / (tuple_exposures * people)
                if mixed
                else np.nan,
                "web_loss": cell[f"loss.{base}"],
            }
        )
    return pd.DataFrame(rows).sort_values(["parameters", *CELL[1:], "seed"], ignore_index=True)


def strategy_means(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """``means.csv``, of ``strategies.csv``."""
    parts: dict[Any, pd.DataFrame] = dict(iter(cells.groupby(["parameters", *CELL], sort=True)))
    rows: list[dict[str, Any]] = []
    for (parameters, size, ratio, subsampling, compact), part in parts.items():
        plain = parts.get((parameters, size, ratio, 1.0, 0.0))
        web = parts.get((parameters, size, 0.0, 1.0, 0.0))
        often = _per_token(plain) if plain is not None and ratio else np.nan
        nothing = (np.nan,) * 3
        rows.append(
            {
                **dict(zip(CELL, (size, ratio, subsampling, compact), strict=True)),
                "parameters": parameters,
                "seeds": len(part),
                **{name: part[name].mean() for name in ABOUT},
                **columns("accuracy", share_interval(part["accuracy"].to_numpy(), confidence)),
                **columns("known", mean_interval(part["known"].to_numpy(), confidence)),
                **columns("gain", nothing if plain is None else _difference(plain, part, "accuracy", confidence)),
                **columns("web_rise", nothing if web is None else _difference(web, part, "web_loss", confidence)),
                **columns("web_more", nothing if plain is None else _difference(plain, part, "web_loss", confidence)),
                "frequency": _per_token(part) / often,
            }
        )
    return pd.DataFrame(rows)


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
            highest = part[part["accuracy"] == part["accuracy"].max()].head(1)
            measured = json_rows(highest[["subsampling", "accuracy", "accuracy_low", "accuracy_high"]])[0]
            says = expected.best(place(cells, size, ratio))
            found.append({"size": size, "ratio": ratio, "measured": measured, **says})
    return found


def place(cells: pd.DataFrame, size: str, ratio: float) -> Place:
    """Where the cells of a size and a ratio are, whatever their strategy."""
    own = cells[cells["size"] == size]
    return Place(float(own["parameters"].iloc[0]), ratio, int(own["people"].iloc[0]), float(own["tokens"].max()))


def _per_token(part: pd.DataFrame) -> float:
    """Exposures per token trained on, of a person who is shown."""
    return float((part["exposures"] / part["tokens"]).mean())


def _difference(
    first: pd.DataFrame, second: pd.DataFrame, column: str, confidence: float
) -> tuple[float, float, float]:
    return difference_interval(first[column].to_numpy(), second[column].to_numpy(), confidence)
