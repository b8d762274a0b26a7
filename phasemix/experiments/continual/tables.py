"""The tables of a study of continual training, from the generic ones.

- ``strategies.csv`` and ``means.csv``, see :mod:`phasemix.experiments.strategy_tables`. Cells also have ``rise``, how
  far the web loss lies above that of the weights that training began with, in nats, on the text that is read on the
  way, and ``stopped``, whether training stopped early for that. Means have ``rise`` with its interval (Student's), and
  ``stopped``, the share of the seeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.analysis.seed_intervals import columns, mean_interval
from phasemix.base.files import read_json, write_csv
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.people_table import people_table
from phasemix.experiments.strategy_tables import CELL, strategy_cells, strategy_means
from phasemix.study.cell_key import CellKey

TABLES = ("strategies", "means")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    strategies: pd.DataFrame
    means: pd.DataFrame
    rise: float

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``, and the ``rise`` of the web loss at which training stops."""
        read = {name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES}
        return cls(**read, rise=options["rise"])


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, which holds the generic ones."""
    generic, curves = (pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in ("cells", "curves"))
    found = strategy_cells(generic, people_table(cells, options["dense"], options["questions"]), options)
    began = pd.DataFrame([_began(cells, key) for key in cells.keys])
    write_from(with_rise(found, curves, began, options["base"]), options["confidence"], folder)


def write_from(found: pd.DataFrame, confidence: float, folder: Path) -> None:
    """Write the tables above, made of the first of them."""
    write_csv(folder / "strategies.csv", found)
    write_csv(folder / "means.csv", continual_means(found, confidence))


def with_rise(cells: pd.DataFrame, curves: pd.DataFrame, began: pd.DataFrame, base: str) -> pd.DataFrame:
    """Cells with ``rise`` and ``stopped``.

    Args:
        cells: as :func:`phasemix.experiments.strategy_tables.strategy_cells` gives them.
        curves: the generic table.
        began: by the axes of a cell, ``first``, the web loss that it began with, and ``stopped``.
        base: the source of web text.
    """
    axes = [*CELL, "seed"]
    last = curves.sort_values("step").groupby(axes, as_index=False).last()[[*axes, f"loss.{base}"]]
    found = cells.merge(began, on=axes, validate="one_to_one").merge(last, on=axes, validate="one_to_one")
    return found.assign(rise=found[f"loss.{base}"] - found["first"]).drop(columns=["first", f"loss.{base}"])


def continual_means(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """``means.csv``, of ``strategies.csv``."""
    parts: dict[Any, pd.DataFrame] = dict(iter(cells.groupby(CELL)))
    rows = [
        {
            **dict(zip(CELL, key, strict=True)),
            **columns("rise", mean_interval(part["rise"].to_numpy(), confidence)),
            "stopped": part["stopped"].mean(),
        }
        for key, part in parts.items()
    ]
    return strategy_means(cells, confidence).merge(pd.DataFrame(rows), on=CELL, validate="one_to_one")


def _began(cells: Cells, key: CellKey) -> dict[str, Any]:
    manifest = read_json(cells.run(key) / "manifest.json")
    first, stopped = manifest["loss_at_first"], manifest["stopped_at"] is not None
    return {**dict(key.pairs), "first": first, "stopped": stopped}
