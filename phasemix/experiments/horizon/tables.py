"""The tables of a study of horizons, from the generic tables of its cells.

- ``horizons.csv``: one row per run, by size, ratio, seed and tokens, columns of
  :func:`phasemix.analysis.ratio_tables.ratio_cells`; ``tokens`` are those that the run was trained on;
- ``growth.csv`` and ``exposures.csv``: what is learned from one horizon to the next, and by equal exposures at
  different ratios (:mod:`phasemix.analysis.growth`);
- ``tokens.csv``, ``seed_tokens.csv``, ``laws.csv`` and ``held_out.csv``: T, its laws, and how these predict
  (:mod:`phasemix.experiments.horizon.laws`).

Its options: ``dense`` and ``base``, the names of the sources; ``levels``, ``fitted_from``, ``linear_above`` and
``budget`` (:class:`phasemix.experiments.horizon.spec.Spec`; in whole steps); ``confidence`` of the intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.analysis.growth import equal_exposures, growth
from phasemix.analysis.horizon_laws import Form, HorizonLaw, Line
from phasemix.analysis.ratio_tables import ratio_cells
from phasemix.base.files import write_csv
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.horizon.laws import held_out_table, laws_table, tokens_tables

PAPERS_LEVEL = 0.4  # whose T paper A fits
LINE = ("intercept", "slope", "r_squared", "noise", "points", "centre", "spread")


@dataclass(frozen=True)
class Tables:
    """What figures are drawn from and the section is written from.

    ``levels``, ``fitted_from``, ``budget`` and ``confidence`` are the options.
    """

    horizons: pd.DataFrame
    growth: pd.DataFrame
    exposures: pd.DataFrame
    t: pd.DataFrame
    seed_t: pd.DataFrame
    laws: pd.DataFrame
    held_out: pd.DataFrame
    levels: list[float]
    fitted_from: float
    budget: int
    confidence: float

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
    def level(self) -> float:
        """The level nearest to paper A's 40 %."""
        return min(self.levels, key=lambda level: abs(level - PAPERS_LEVEL))

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

    def law(self, size: str, form: Form) -> HorizonLaw | None:
        """A law of T at :attr:`level`, in billions of tokens; None if it could not be fitted."""
        laws = self.laws
        own = laws[(laws["size"] == size) & (laws["form"] == form) & (laws["level"] == self.level)]
        return None if own.empty else HorizonLaw(form, Line(**{name: own[name].iloc[0] for name in LINE}))

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        files = ("horizons", "growth", "exposures", "tokens", "seed_tokens", "laws", "held_out")
        read: list[Any] = [pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in files]
        return cls(*read, **{name: options[name] for name in ("levels", "fitted_from", "budget", "confidence")})


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (every kind is written alike)
    """Write the tables above into ``folder``, where ``cells.csv`` is.

    Raises:
        PhasemixError: nothing is asked about the dense source.
    """
    table = pd.read_csv(folder / "cells.csv", dtype={"size": str})
    write_from(ratio_cells(table, options["dense"], options["base"]), options, folder)


def write_from(horizons: pd.DataFrame, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above, made of the first of them."""
    confidence, fitted_from = options["confidence"], options["fitted_from"]
    tokens, seed_tokens = tokens_tables(horizons, options["levels"])
    write_csv(folder / "horizons.csv", horizons)
    write_csv(folder / "growth.csv", growth(horizons, confidence))
    write_csv(folder / "exposures.csv", equal_exposures(horizons, confidence))
    write_csv(folder / "tokens.csv", tokens)
    write_csv(folder / "seed_tokens.csv", seed_tokens)
    write_csv(folder / "laws.csv", laws_table(tokens, fitted_from, options["linear_above"], confidence))
    write_csv(folder / "held_out.csv", held_out_table(tokens, fitted_from, confidence))
