"""The tables of a test of the popularity estimator, from the answers of models of another experiment.

- ``thresholds.csv`` and ``inferred.csv``: those of :mod:`phasemix.popularity.inferred_sizes`;
- ``law.json``: the law fitted to all sizes, by the names of :class:`phasemix.popularity.popularity_law.PopularityLaw`;
  null where there are too few.

Its options: ``measured``, ``target_accuracy`` and ``fault_tolerance`` as in the configuration; ``reads``, the folder of
the experiment's tables; ``confidence`` of the intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.base.files import read_json, write_csv, write_json
from phasemix.base.json_rows import json_value
from phasemix.experiments.cells_table import Cells
from phasemix.popularity.answers_table import read_answers
from phasemix.popularity.inferred_sizes import Inferred, infer_sizes
from phasemix.popularity.popularity_law import PopularityLaw


@dataclass(frozen=True)
class Tables:
    """What figures are drawn from and the section is written from."""

    found: Inferred
    confidence: float

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        thresholds, inferred = (pd.read_csv(folder / f"{name}.csv") for name in ("thresholds", "inferred"))
        law = read_json(folder / "law.json")
        if law:
            law["bend"] = tuple(np.nan if each is None else each for each in law["bend"])
        return cls(Inferred(thresholds, inferred, PopularityLaw(**law) if law else None), options["confidence"])


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (it has no cells)
    """Write the tables above into ``folder``."""
    answers = read_answers(Path(options["reads"][options["measured"]]) / "answers.csv")
    found = infer_sizes(
        answers,
        target=options["target_accuracy"],
        tolerance=options["fault_tolerance"],
        confidence=options["confidence"],
    )
    write_csv(folder / "thresholds.csv", found.thresholds)
    write_csv(folder / "inferred.csv", found.inferred)
    law = found.law and {name: _json(value) for name, value in vars(found.law).items()}
    write_json(folder / "law.json", law)


def _json(value: Any) -> Any:
    return [json_value(each) for each in value] if isinstance(value, tuple) else value
