"""What a study of the threshold frequency measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``level``, the accuracy below which a group is not learned; ``confidence``, of all intervals;
``runs``: of the two measures of a threshold, ``threshold`` and ``crossing``, how many runs stand ``on`` the groups,
``above`` and ``below``; ``seeds``, how many runs each size has; and ``fits``, in the format of
:mod:`phasemix.experiments.threshold.fits`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.experiments.threshold.fits import MEASURES
from phasemix.experiments.threshold.tables import Tables

STANDINGS = ("on", "above", "below")


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    runs = tables.thresholds
    return {
        "level": tables.level,
        "confidence": tables.confidence,
        "runs": {
            measure: {standing: int((runs[f"{measure}_standing"] == standing).sum()) for standing in STANDINGS}
            for measure in MEASURES
        },
        "seeds": {size: int((runs["size"] == size).sum()) for size in tables.sizes},
        "fits": tables.fits,
    }
