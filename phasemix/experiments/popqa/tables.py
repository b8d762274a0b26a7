"""The tables of a study of PopQA, from the answers of all models and what the judge said of them.

- ``answers.parquet``: a row per model and question, in the format of :mod:`phasemix.popularity.answers_table`, so that
  ``phasemix popularity infer`` reads it. ``correct`` is what the judge says, and where there is none, PopQA's own
  criterion. An answer of which the judge says neither yes nor no counts as wrong;
- ``agreement.csv``: a row per model: ``model``, ``questions``, ``alias_match`` (the share that is right by PopQA's own
  criterion), and, missing without a judge, ``judged`` (by the judge), ``agreement`` (the share of clear verdicts that
  are those of PopQA's criterion) and ``unclear`` (how many verdicts are neither yes nor no);
- those of :mod:`phasemix.experiments.by_popularity`.

Its options are, beside those: ``models`` (``parameters``, ``family`` and ``held_out`` by name), ``judge`` (its name on
the hub, or its folder; null without) and ``shots``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.base.files import write_csv, write_parquet
from phasemix.experiments import by_popularity
from phasemix.experiments.by_popularity import write_inferred
from phasemix.popularity.answers_table import to_answers


@dataclass(frozen=True)
class Tables(by_popularity.Tables):
    """What figures are drawn from and the section is written from."""

    agreement: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        sizes = by_popularity.Tables.read(folder, options)
        return cls(sizes.found, sizes.confidence, pd.read_csv(folder / "agreement.csv"))


def gather(folder: Path, answers: Sequence[Path], verdicts: Sequence[Path], options: Mapping[str, Any]) -> None:
    """Write the tables above into ``folder``.

    Args:
        folder: of the experiment's tables.
        answers: ``answers.parquet`` of every model, in the order of ``options["models"]``.
        verdicts: ``verdicts.parquet`` of every model in the same order; empty without a judge.
        options: as above.
    """
    parts, agreement = [], []
    for i, (name, about) in enumerate(options["models"].items()):
        own = pd.read_parquet(answers[i])
        judged = pd.read_parquet(verdicts[i])["judged"] if verdicts else None
        right = own["alias_match"] if judged is None else judged == 1
        parts.append(own[["popularity"]].assign(model=name, **about, correct=right.astype(int)))
        agreement.append({"model": name, **_agreement(own["alias_match"], judged)})
    table = pd.concat([part.astype({"parameters": float}) for part in parts], ignore_index=True)
    write_parquet(folder / "answers.parquet", table)
    write_csv(folder / "agreement.csv", pd.DataFrame(agreement))
    write_inferred(to_answers(table), options, folder)


def _agreement(alias_match: pd.Series, judged: pd.Series | None) -> dict[str, float]:
    found = {"questions": len(alias_match), "alias_match": alias_match.mean()}
    if judged is None:
        return found | dict.fromkeys(("judged", "agreement", "unclear"), np.nan)
    clear = judged.notna()
    agreement = (judged[clear] == alias_match[clear]).mean()
    return found | {"judged": (judged == 1).mean(), "agreement": agreement, "unclear": int((~clear).sum())}
