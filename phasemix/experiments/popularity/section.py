"""What the section of a test of the popularity estimator says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.experiments.by_popularity import Tables, told_sizes


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    return told_sizes(Tables.read(folder, options), threshold=".2e")
