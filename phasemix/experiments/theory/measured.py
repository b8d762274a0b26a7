"""What the theory is fitted to and compared with, from the tables of other experiments."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import Shares
from phasemix.analysis.people_shares import shares_by_people
from phasemix.base.errors import PhasemixError
from phasemix.experiments.by_people import persons_by_people, runs_by_people

SAME = 0.01  # by which the entropies of two experiments' people may differ
WHOLE = 1e-9  # by which a mixture of one source may miss 1


@dataclass(frozen=True)
class People:
    """What is told of people.

    Attributes:
        entropy: in bits per person.
        tokens: of a biography, on average.
    """

    entropy: float
    tokens: float


@dataclass(frozen=True)
class Measured:
    """An experiment of kind transition or people.

    Attributes:
        name: of the experiment.
        cells: its generic table, ``cells.csv``.
        runs: one row per run, with ``people``.
        persons: what everybody is known by, with ``people``.
        resampling: ``bootstrap``, ``confidence`` and ``seed``.
    """

    name: str
    cells: pd.DataFrame
    runs: pd.DataFrame
    persons: pd.DataFrame
    resampling: Mapping[str, Any]

    @cached_property
    def known(self) -> dict[int, Shares]:
        """The shares of all bits that are known, by the number of people."""
        return shares_by_people(self.runs, self.persons, "known", **self.resampling)

    def people(self, count: int | None = None) -> People:
        """What is told of so many people, or of all: over the cells that have them.

        A biography's tokens are those of the dense source over how many biographies they were.

        Raises:
            PhasemixError: no run that did not diverge has so many people.
        """
        found = []
        for source in [
            name.removeprefix("subjects.") for name in map(str, self.cells.columns) if name.startswith("subjects.")
        ]:
            subjects, epochs = self.cells[f"subjects.{source}"], self.cells[f"epochs.{source}"]
            own = (epochs > 0) & (subjects > 0 if count is None else subjects == count)
            tokens = self.cells["tokens"] * self.cells[f"mix.{source}"] / (epochs * subjects)
            found.append(pd.DataFrame({"entropy": self.cells[f"entropy.{source}"], "tokens": tokens})[own])
        table = pd.concat(found)
        if table.empty:
            raise PhasemixError(f"{self.name}: no run that did not diverge has {count} people")
        return People(float(table["entropy"].mean()), float(table["tokens"].mean()))


def read_measured(name: str, folder: Path, resampling: Mapping[str, Any]) -> Measured:
    """An experiment from the folder of its tables; of a transition, the runs to its own horizon."""
    cells = pd.read_csv(folder / "cells.csv", dtype={"size": str})
    return Measured(name, cells, runs_by_people(folder), persons_by_people(folder), resampling)


def alike(measured: list[Measured]) -> None:
    """Make sure that all people are of one kind.

    Raises:
        PhasemixError: those of two experiments have other entropies.
    """
    first = measured[0].people().entropy
    for other in measured[1:]:
        entropy = other.people().entropy
        if abs(entropy / first - 1) > SAME:
            raise PhasemixError(
                f"people have {first:.1f} bits each in {measured[0].name} and {entropy:.1f} in {other.name}: one theory"
                " predicts people of one kind; compare them in two experiments"
            )


def web_losses(cells: pd.DataFrame) -> pd.DataFrame:
    """The loss on web text of the runs that read nothing else, to the longest horizon.

    Args:
        cells: ``cells.csv`` of an experiment with cells of ratio 0.

    Returns:
        Columns ``size``, ``parameters``, ``tokens``, ``loss`` (nats per token), a row per run that did not diverge.

    Raises:
        PhasemixError: no source is all that these runs read.
    """
    alone = cells[(cells["ratio"] == 0) & ~cells["diverged"]]
    alone = alone[alone["tokens"] == alone["tokens"].max()]
    for column in [name for name in map(str, alone.columns) if name.startswith("mix.")]:
        if len(alone) and np.isclose(alone[column].astype(float), 1, rtol=0, atol=WHOLE).all():
            losses = alone[f"loss.{column.removeprefix('mix.')}"]
            return alone[["size", "parameters", "tokens"]].assign(loss=losses.astype(float))
    raise PhasemixError("no runs of ratio 0 that did not diverge read one source alone: the web loss is not known")
