"""What every person is known by: a table that several kinds of experiment make of their cells' answers.

One row per cell, person and attribute: the axes of the cell's key, ``tokens`` trained on, ``person``, ``attribute``,
``asked`` and ``correct`` (counts of questions), ``knowledge`` (bits) and ``entropy``, all that could be known
(:mod:`phasemix.evaluation.knowledge`; both missing where the task states no entropies). Diverged runs have no rows.
Bootstraps resample its people.
"""

import math

import pandas as pd

from phasemix.base.files import read_json
from phasemix.evaluation.questions import counted
from phasemix.experiments.cells_table import Cells
from phasemix.study.cell import Counted
from phasemix.study.cell_key import HORIZON, CellKey


def people_table(cells: Cells, dense: str, questions: Counted) -> pd.DataFrame:
    """The table above, of what was asked about the source ``dense``; ``questions`` says which count."""
    parts = [part for key in cells.keys if len(part := _of_cell(cells, key, dense, questions))]
    return pd.concat(parts, ignore_index=True)


def _of_cell(cells: Cells, key: CellKey, dense: str, questions: Counted) -> pd.DataFrame:
    folder = cells.evaluation(key)
    answers = pd.read_parquet(folder / "answers.parquet")
    answers = answers[(answers["source"] == dense) & counted(answers["shown"].to_numpy(bool), questions)]
    by_person = answers.rename(columns={"subject": "person"}).groupby(["person", "attribute"], as_index=False)
    part = by_person.agg(asked=("correct", "size"), correct=("correct", "sum"), loss=("loss", "mean"))
    if part.empty:
        return part
    summary = read_json(folder / "summary.json")
    entropy = part["attribute"].map(summary["entropy"].get(dense, {})).astype(float)
    part = part.drop(columns="loss").assign(knowledge=entropy - part["loss"] / math.log(2), entropy=entropy)
    for place, (axis, value) in enumerate((dict(key.pairs) | {HORIZON: summary["tokens"]}).items()):
        part.insert(place, axis, value)
    return part
