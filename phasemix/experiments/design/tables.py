"""The tables of a designed set: what laws answered, a table per question with its notes as JSON.

Each is that of :class:`phasemix.fitting.comparison.Comparison`; ``learning.csv`` and ``six.csv`` have the column
``setting`` before (:mod:`phasemix.experiments.design.questions`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.base.files import read_json
from phasemix.experiments.design.spec import QUESTIONS
from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import to_runs


@dataclass(frozen=True)
class Tables:
    """The answers by question, the notes of each, and the runs."""

    answers: dict[str, pd.DataFrame]
    notes: dict[str, list[str]]
    runs: Runs

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        answers = {name: pd.read_csv(folder / f"{name}.csv", dtype={"setting": str}) for name in QUESTIONS}
        notes = {name: read_json(folder / f"{name}.notes.json") for name in QUESTIONS}
        return cls(answers, notes, to_runs(pd.read_csv(folder / "runs.csv", dtype={"run": str})))

    def errors(self, question: str) -> pd.Series:
        """Mean relative errors over domains by law, or by setting and law, of laws that answered for every domain."""
        table = self.answers[question]
        keys = [key for key in ("setting", "law") if key in table]
        found = table.groupby(keys, sort=False)["mean_relative_error"].agg(["mean", "count"])
        return found.loc[found["count"] == table["domain"].nunique(), "mean"]
