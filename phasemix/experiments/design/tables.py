"""The tables of a designed set: what laws answered, three files per question, and BiMix's exponents.

``<question>.csv`` and ``<question>.errors.csv`` are those of :class:`phasemix.fitting.comparison.Comparison`,
``<question>.notes.json`` its notes; of questions that have settings, the column ``setting`` stands before the others
(:mod:`phasemix.experiments.design.questions`). ``exponents.csv`` is that of
:func:`phasemix.experiments.design.exponents.exponents`.
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
    """What the figures are drawn from and the section is written from.

    Attributes:
        answers: the comparison of laws, by question.
        errors_by_run: its errors of single runs, by question.
        notes: its notes, by question.
        exponents: BiMix's, fitted on either set.
        mixtures: the name of the mixture of every run.
        runs: all designed ones.
    """

    answers: dict[str, pd.DataFrame]
    errors_by_run: dict[str, pd.DataFrame]
    notes: dict[str, list[str]]
    exponents: pd.DataFrame
    mixtures: dict[str, str]
    runs: Runs

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        cells = pd.read_csv(folder / "cells.csv", dtype=str)
        names = cells["size"] + " " + cells["mixture"] + " " + cells["seed"]  # of runs, as the generic tables have them
        return cls(
            answers={name: pd.read_csv(folder / f"{name}.csv", dtype={"setting": str}) for name in QUESTIONS},
            errors_by_run={
                name: pd.read_csv(folder / f"{name}.errors.csv", dtype={"setting": str}) for name in QUESTIONS
            },
            notes={name: read_json(folder / f"{name}.notes.json") for name in QUESTIONS},
            exponents=pd.read_csv(folder / "exponents.csv"),
            mixtures=dict(zip(names, cells["mixture"], strict=True)),
            runs=to_runs(pd.read_csv(folder / "runs.csv", dtype={"run": str})),
        )

    def answers_of(self, question: str, setting: str | None = None) -> pd.DataFrame:
        """The comparison of laws on a question, in one of its settings where it has several."""
        table = self.answers[question]
        return table if setting is None else table[table["setting"] == setting]

    def errors(self, question: str, setting: str | None = None) -> pd.Series:
        """Mean relative errors over domains, by law, of laws that answered for every domain."""
        table = self.answers_of(question, setting)
        found = table.groupby("law", sort=False)["mean_relative_error"].agg(["mean", "count"])
        return found.loc[found["count"] == self.answers[question]["domain"].nunique(), "mean"]

    def settings(self, question: str) -> list[str]:
        """The settings of a question that some law answered for every domain, in their order."""
        return [name for name in self.answers[question]["setting"].unique() if len(self.errors(question, name))]
