"""Where the power law and the cliff part, as numbers that claims are tested by; no verdicts.

``findings.json`` holds

- ``sizes``: by size, its ``critical`` ratio (null if it lies beyond the grid), and where BiMix, fitted to all cells of
  the size, lies off the loss on facts: ``at`` the ratios of the grid ``below`` and ``above`` the critical one, and
  where it is furthest ``lowest`` and ``highest``: each its ``ratio`` and ``off``, relative and signed;
- ``scores``: the rows of ``scores.csv``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.json_rows import json_rows, json_value
from phasemix.experiments.meeting.tables import NOTHING, Tables

BIMIX = "bimix-power"


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    critical = tables.critical.set_index("size")
    sizes = {}
    for size in tables.sizes:
        off = residuals(tables.said, size)
        ends = {name: float(critical[name][size]) for name in ("below", "above")}
        ratios = off.index.to_numpy(float)
        ends |= {"lowest": float(ratios[off.argmin()]), "highest": float(ratios[off.argmax()])}
        sizes[size] = {
            "critical": json_value(critical["critical"][size]),
            "at": {name: {"ratio": at, "off": float(off[at])} for name, at in ends.items() if not np.isnan(at)},
        }
    return {"sizes": sizes, "scores": json_rows(tables.scores)}


def residuals(said: pd.DataFrame, size: str) -> pd.Series:
    """By ratio, how far BiMix fitted to all cells of a size lies off its loss on facts: relative, means over seeds."""
    mine = said[(said["held_out"] == NOTHING) & (said["law"] == BIMIX) & (said["size"] == size)]
    return (mine["dense_loss_predicted"] / mine["dense_loss"] - 1).groupby(mine["ratio"]).mean()
