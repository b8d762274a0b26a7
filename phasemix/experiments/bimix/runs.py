"""The runs of paper B's study by mixture and seed."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import to_runs


@dataclass(frozen=True)
class StudyRuns:
    """All evaluation points; ``mixture`` and ``seed`` of every row, shape (n,)."""

    runs: Runs
    mixture: np.ndarray
    seed: np.ndarray

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Those of the generic tables in ``folder``; a run is named by its size, mixture and seed."""
        table = pd.read_csv(folder / "runs.csv")
        _, mixture, seed = zip(*table["run"].str.split(" "), strict=True)
        return cls(to_runs(table.drop(columns="size")), np.array(mixture), np.array(seed).astype(int))

    @property
    def step(self) -> np.ndarray:
        """The step of every row, shape (n,)."""
        assert self.runs.step is not None
        return self.runs.step

    @property
    def last(self) -> np.ndarray:
        """Which rows are the last of their runs, shape (n,)."""
        return self.step == self.step.max()

    def of(self, mixtures: Collection[str], seed: int | None = None) -> np.ndarray:
        """Which rows are of these mixtures, and of this seed or of any, shape (n,)."""
        return np.isin(self.mixture, list(mixtures)) & ((self.seed == seed) if seed is not None else True)
