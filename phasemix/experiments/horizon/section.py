"""What the section of a study of horizons says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.experiments.horizon.tables import Tables


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the table in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "tokens": tables.tokens,
        "columns": [f"{tokens:,}" for tokens in tables.tokens],
        "rows": accuracy_rows(tables),
    }


def accuracy_rows(tables: Tables) -> list[list[str]]:
    """Size, ratio, and accuracy in per cent at every horizon; a dash where no run is left."""
    by_cell = tables.accuracies.set_index(["parameters", "size", "ratio", "tokens"])["accuracy"]
    wide = by_cell.unstack("tokens")  # pivot_table would drop cells whose seeds all diverged
    found = []
    for (_, size, ratio), means in zip(wide.index, wide.to_numpy(float), strict=True):
        found.append([size, f"{ratio:g}", *("–" if np.isnan(mean) else f"{100 * mean:.1f}" for mean in means)])
    return found
