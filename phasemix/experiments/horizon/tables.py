"""The table of a study of horizons: ``horizons.csv``, one row per run, by size, ratio, seed and tokens.

Columns of :func:`phasemix.analysis.ratio_tables.ratio_cells`; ``tokens`` are those that the run was trained on.
Its options: ``dense`` and ``base``, the names of the sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.analysis.ratio_tables import ratio_cells
from phasemix.base.files import write_csv
from phasemix.experiments.cells_table import Cells


@dataclass(frozen=True)
class Tables:
    """What figures are drawn from and the section is written from."""

    horizons: pd.DataFrame

    @property
    def sizes(self) -> list[str]:
        """The sizes, smallest first."""
        return self.horizons.sort_values("parameters")["size"].unique().tolist()

    @property
    def ratios(self) -> list[float]:
        """The mixing ratios, smallest first."""
        return sorted(self.horizons["ratio"].unique().tolist())

    @property
    def tokens(self) -> list[int]:
        """The horizons, shortest first."""
        return sorted(self.horizons["tokens"].unique().tolist())

    @property
    def floor(self) -> float:
        """The accuracy of guessing, the same in every cell; NaN if it is not known."""
        return float(self.horizons["floor"].max())

    @property
    def accuracies(self) -> pd.DataFrame:
        """Every cell over its seeds.

        Columns ``parameters``, ``size``, ``ratio``, ``tokens``, how many ``seeds`` did not diverge, their mean
        ``accuracy``, the ``lowest`` and the ``highest``; NaN where all diverged.
        """
        cells = self.horizons.groupby(["parameters", "size", "ratio", "tokens"], as_index=False)
        return cells.agg(
            seeds=("accuracy", "count"),
            accuracy=("accuracy", "mean"),
            lowest=("accuracy", "min"),
            highest=("accuracy", "max"),
        )

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(pd.read_csv(folder / "horizons.csv", dtype={"size": str}))


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (every kind is written alike)
    """Write the table above into ``folder``, where ``cells.csv`` is.

    Raises:
        PhasemixError: nothing is asked about the dense source.
    """
    table = pd.read_csv(folder / "cells.csv", dtype={"size": str})
    write_csv(folder / "horizons.csv", ratio_cells(table, options["dense"], options["base"]))
