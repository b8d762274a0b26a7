"""What a test of the popularity estimator found, as numbers that claims are tested by; no verdicts.

``findings.json`` holds what :func:`phasemix.experiments.by_popularity.found_sizes` says.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.experiments.by_popularity import Tables, found_sizes


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    return found_sizes(Tables.read(folder, options))
