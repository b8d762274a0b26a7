"""The tables of paper B's study, from the generic ones.

- ``extrapolation.csv``: :func:`phasemix.experiments.bimix.extrapolation.extrapolation`;
- ``predictions.csv`` and ``scores.csv``: :mod:`phasemix.experiments.bimix.prediction`;
- ``lines.csv``: :func:`phasemix.experiments.bimix.lines.lines`;
- ``perplexity.csv``: a row per ``mixture``, ``seed`` and ``step``: ``loss``, the mean over domains, which is B's
  average log-perplexity;
- ``parameters.csv``: BiMix fitted to the fitted mixtures of all seeds (:meth:`phasemix.fitting.law.Fit.parameters`),
  and ``rank``, ``least`` of its Jacobian with A (:func:`phasemix.experiments.bimix.coefficients.rank_of_five`);
- ``counts.csv``: :func:`phasemix.experiments.bimix.coefficients.counts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from phasemix.base.files import write_csv
from phasemix.experiments.bimix.coefficients import counts, rank_of_five
from phasemix.experiments.bimix.extrapolation import extrapolation
from phasemix.experiments.bimix.lines import lines
from phasemix.experiments.bimix.prediction import BIMIX, predictions, scores_of
from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.experiments.cells_table import Cells
from phasemix.laws import load_law

TABLES = ("extrapolation", "predictions", "scores", "lines", "perplexity", "parameters", "counts")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from.

    Attributes:
        study: all runs.
        fitted: the mixtures that the law was fitted on.
        predicted: those that it was asked about.
    """

    study: StudyRuns
    fitted: list[str]
    predicted: list[str]
    extrapolation: pd.DataFrame
    predictions: pd.DataFrame
    scores: pd.DataFrame
    lines: pd.DataFrame
    perplexity: pd.DataFrame
    parameters: pd.DataFrame
    counts: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        found = {name: pd.read_csv(folder / f"{name}.csv") for name in TABLES}
        return cls(StudyRuns.read(folder), options["fitted"], options["predicted"], **found)

    @property
    def mixtures(self) -> list[str]:
        """All mixtures, those that were predicted first."""
        return [*self.predicted, *self.fitted]


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (their tables are in folder)
    """Write the tables above into ``folder``, which holds the generic ones."""
    study, seed = StudyRuns.read(folder), options["seed"]
    fitted, predicted = options["fitted"], options["predicted"]
    said = predictions(study, fitted, predicted, seed)
    law = load_law(BIMIX).fit(study.runs.rows(study.of(fitted)), seed)
    ranks = pd.DataFrame(rank_of_five(law))
    write_csv(folder / "extrapolation.csv", extrapolation(study, [*predicted, *fitted]))
    write_csv(folder / "predictions.csv", said)
    write_csv(folder / "scores.csv", scores_of(said))
    write_csv(folder / "lines.csv", lines(study, [*predicted, *fitted]))
    write_csv(folder / "perplexity.csv", perplexity(study))
    write_csv(folder / "parameters.csv", law.parameters(options["confidence"]).merge(ranks, on="domain"))
    write_csv(folder / "counts.csv", counts(study.runs.domains))


def perplexity(study: StudyRuns) -> pd.DataFrame:
    """``perplexity.csv``."""
    columns = {"mixture": study.mixture, "seed": study.seed, "step": study.step, "loss": study.runs.loss.mean(axis=1)}
    return pd.DataFrame(columns)
